package dev.castalia.scoring.bench;

import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.model.FullLogits;
import dev.castalia.scoring.model.Model;
import dev.castalia.scoring.model.ModelOptions;
import dev.castalia.scoring.model.Passage;
import dev.castalia.scoring.model.Progress;
import dev.castalia.scoring.model.Readings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * What it brings to compute logits only where they are asked for: the same requests through the
 * same graph, once with the wanted rows only and once with the logits of every position. The
 * requests are like LAMBADA's: some eighty tokens of context and a word of one to three tokens.
 */
public final class LogitsBenchmark {

  private static final int MEAN_CONTEXT = 80;
  private static final int SPREAD = 20;
  private static final int LONGEST_WORD = 3;

  /**
   * @param tokens of the requests, without padding, in one round
   * @param rowsOnly tokens per second with logits only for the continuations
   * @param everyPosition tokens per second with logits everywhere
   */
  public record Report(long tokens, double rowsOnly, double everyPosition) {

    public double ratio() {
      return rowsOnly / everyPosition;
    }
  }

  private LogitsBenchmark() {}

  /**
   * Runs both ways in turn, {@code rounds} times after one unmeasured, and takes each way's best.
   *
   * @param requests how many, at least 1
   */
  public static Report run(Checkpoint checkpoint, ModelOptions options, int requests, int rounds) {
    List<Passage> passages = passages(checkpoint, requests);
    try (Model model = Model.open(checkpoint, options);
        FullLogits full = FullLogits.open(checkpoint, options)) {
      double rowsOnly = 0;
      double everyPosition = 0;
      long tokens = 0;
      for (int round = 0; round <= rounds; round++) {
        long start = System.nanoTime();
        Readings readings = model.read(passages, Progress.NONE);
        long middle = System.nanoTime();
        full.read(passages);
        long end = System.nanoTime();
        tokens = readings.tokens();
        if (round > 0) {
          rowsOnly = Math.max(rowsOnly, tokens * 1e9 / (middle - start));
          everyPosition = Math.max(everyPosition, tokens * 1e9 / (end - middle));
        }
      }
      return new Report(tokens, rowsOnly, everyPosition);
    }
  }

  private static List<Passage> passages(Checkpoint checkpoint, int requests) {
    Random random = new Random(0);
    int vocabulary = checkpoint.config().vocabulary();
    List<Passage> passages = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      int word = 1 + random.nextInt(LONGEST_WORD);
      int length = (int) Math.round(MEAN_CONTEXT + SPREAD * random.nextGaussian()) + word - 1;
      int[] tokens =
          random
              .ints(Math.clamp(length, word, checkpoint.config().context()) + 1, 0, vocabulary)
              .toArray();
      passages.add(
          new Passage(
              Arrays.copyOf(tokens, tokens.length - 1),
              Arrays.copyOfRange(tokens, tokens.length - word, tokens.length)));
    }
    return passages;
  }
}
