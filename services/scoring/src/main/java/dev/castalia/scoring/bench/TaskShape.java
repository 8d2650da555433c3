package dev.castalia.scoring.bench;

import dev.castalia.scoring.checkpoint.NeoxConfig;
import dev.castalia.scoring.model.Passage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What the documents of well-known tasks ask of a model, in random tokens. */
public enum TaskShape {
  /** As ARC-Easy: a question and four choices of some tokens. */
  CHOICES(0, 30, 4, 5),
  /** As LAMBADA: a paragraph and its last word. */
  CONTINUATION(0, 80, 1, 2),
  /** As five-shot MMLU: examples, a question, and four choices of one token. */
  FEW_SHOT(550, 80, 4, 1),
  /** As WikiText: windows of the model's whole context, every token asked for. */
  TEXT(0, 0, 1, Integer.MAX_VALUE);

  private final int examples;
  private final int question;
  private final int choices;
  private final int choice;

  TaskShape(int examples, int question, int choices, int choice) {
    this.examples = examples;
    this.question = question;
    this.choices = choices;
    this.choice = choice;
  }

  /**
   * Documents without end, each as the passages it asks for. Questions are of half to one and a
   * half times their mean length; where a context is too short for them, they and the examples are
   * cut to it. Every call gives the same tokens.
   */
  Stream<List<Passage>> documents(NeoxConfig config) {
    Random random = new Random(0);
    int mean = Math.min(question, config.context() / 3);
    int left = config.context() - 2 * mean - 2;
    int[] shown = tokens(random, Math.min(examples, left), config);
    return Stream.generate(() -> document(random, config, shown, mean));
  }

  private List<Passage> document(Random random, NeoxConfig config, int[] shown, int mean) {
    int length = mean / 2 + (mean == 0 ? 0 : random.nextInt(mean));
    int[] asked = joined(shown, tokens(random, length, config));
    int targets = Math.min(choice, config.context() - asked.length);
    List<Passage> passages = new ArrayList<>(choices);
    for (int i = 0; i < choices; i++) {
      int[] row = joined(asked, tokens(random, targets + (asked.length == 0 ? 1 : 0), config));
      passages.add(
          new Passage(
              Arrays.copyOf(row, row.length - 1),
              Arrays.copyOfRange(row, row.length - targets, row.length)));
    }
    return passages;
  }

  /** Each type as often as in text: by Zipf's law. */
  private static int[] tokens(Random random, int count, NeoxConfig config) {
    int[] tokens = new int[count];
    Arrays.setAll(tokens, i -> (int) Math.pow(config.vocabulary(), random.nextDouble()));
    return tokens;
  }

  private static int[] joined(int[] a, int[] b) {
    int[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
