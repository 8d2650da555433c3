package dev.castalia.scoring.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Continues prompts greedily: all of a batch by one token at a time, with the keys and values of
 * the tokens before kept in the runtime's memory. On one thread at a time.
 */
final class GreedyDecoder {

  private final TokenBudget budget;
  private final Body body;
  private final Head head;

  GreedyDecoder(Body body, Head head, TokenBudget budget) {
    this.budget = budget;
    this.body = body;
    this.head = head;
  }

  /**
   * The likeliest {@code count} tokens after each prompt.
   *
   * @param prompts all of one length, at least 1
   */
  List<int[]> decode(List<int[]> prompts, int count, Progress progress) {
    int length = prompts.getFirst().length;
    int[][] continuations = new int[prompts.size()][count];
    budget.run(
        batches(prompts, count, budget.limits()),
        batch -> decode(batch.rows().stream().map(TokenTree::last).toList(), count, continuations),
        (done, total) ->
            progress.batchDone(
                done / length * (length + count - 1), total / length * (length + count - 1)));
    return List.of(continuations);
  }

  /** The prompts, with room for what is added to each; the last token is not read. */
  static List<Batch> batches(List<int[]> prompts, int count, Limits limits) {
    List<TokenTree> rows = new ArrayList<>(prompts.size());
    for (int i = 0; i < prompts.size(); i++) {
      TokenTree row = new TokenTree(0);
      row.add(new Sequence(prompts.get(i), 0, List.of(i)), 0);
      rows.add(row);
    }
    return Batch.split(rows, limits, 0, count - 1);
  }

  private void decode(List<Sequence> prompts, int count, int[][] continuations)
      throws OrtException {
    List<int[]> rows = prompts.stream().map(Sequence::tokens).toList();
    Past past = body.nothingBefore();
    try {
      for (int step = 0; step < count; step++) {
        int[] next = new int[rows.size()];
        Past longer =
            body.advance(
                rows,
                past,
                (hidden, from, some) ->
                    System.arraycopy(likeliest(hidden, some), 0, next, from, some));
        past.close();
        past = longer;
        for (int i = 0; i < next.length; i++) {
          continuations[prompts.get(i).passages().getFirst()][step] = next[i];
        }
        // After NaN comes nothing but NaN, whatever is read.
        rows = Arrays.stream(next).mapToObj(token -> new int[] {Math.max(0, token)}).toList();
      }
    } finally {
      past.close();
    }
  }

  private int[] likeliest(OnnxTensor hidden, int rows) throws OrtException {
    int[] everyRow = new int[rows];
    Arrays.setAll(everyRow, row -> row);
    Head.Answer answer = head.answer(hidden, everyRow, new int[rows]);
    int[] likeliest = new int[rows];
    for (int i = 0; i < rows; i++) {
      likeliest[i] =
          Float.isNaN(answer.logProbabilities()[i])
              ? Model.NO_TOKEN
              : Math.toIntExact(answer.likeliest()[i]);
    }
    return likeliest;
  }
}
