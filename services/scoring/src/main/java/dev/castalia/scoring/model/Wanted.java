package dev.castalia.scoring.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * What is asked of a batch: after which of its places, which tokens. A place that several passages
 * ask about is projected once.
 *
 * @param places asked about, ascending: indices into the batch's rows laid end to end, padded
 * @param rows for each question, the index of its place; ascending
 * @param targets for each question, the token whose probability is wanted
 */
record Wanted(int[] places, int[] rows, int[] targets, List<Question> questions) {

  /** The index-th target of a passage, of so many. */
  record Question(int place, int target, int passage, int index, int of) {}

  static Wanted of(Batch batch, List<Passage> passages) {
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < batch.rows().size(); i++) {
      TokenTree row = batch.rows().get(i);
      for (TokenTree.Leaf leaf : row.leaves()) {
        for (int passage : leaf.sequence().passages()) {
          int[] targets = passages.get(passage).targets();
          int node = leaf.node();
          for (int j = targets.length - 1; j >= 0; j--) {
            int place = i * batch.length() + node;
            questions.add(new Question(place, targets[j], passage, j, targets.length));
            node = row.parent(node);
          }
        }
      }
    }
    questions.sort(Comparator.comparingInt(Question::place));
    int[] places = questions.stream().mapToInt(Question::place).distinct().toArray();
    int[] rows = new int[questions.size()];
    int row = 0;
    for (int i = 0; i < rows.length; i++) {
      if (questions.get(i).place() != places[row]) {
        row++;
      }
      rows[i] = row;
    }
    int[] targets = questions.stream().mapToInt(Question::target).toArray();
    return new Wanted(places, rows, targets, questions);
  }

  /** Those of the places that lie from one, inclusive, to another, exclusive. */
  int[] places(int from, int to) {
    return Arrays.stream(places).filter(place -> place >= from && place < to).toArray();
  }

  /** The first question about a row or one after it. */
  int firstOf(int row) {
    int low = 0;
    int high = rows.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (rows[middle] < row) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * Hands the answers to the passages that asked.
   *
   * @param logProbabilities one a question
   * @param likeliest one a row
   */
  void distribute(float[] logProbabilities, int[] likeliest, Reading[] readings) {
    for (int i = 0; i < questions.size(); i++) {
      Question question = questions.get(i);
      if (readings[question.passage()] == null) {
        readings[question.passage()] =
            new Reading(new float[question.of()], new int[question.of()]);
      }
      Reading reading = readings[question.passage()];
      reading.logProbabilities()[question.index()] = logProbabilities[i];
      reading.likeliest()[question.index()] = likeliest[rows[i]];
    }
  }
}
