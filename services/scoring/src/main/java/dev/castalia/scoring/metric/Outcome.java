package dev.castalia.scoring.metric;

import java.util.Arrays;

/** What a model did with one document: all that the metrics need. */
public sealed interface Outcome {

  /**
   * Whether the model gave numbers. Weights that hold NaN give none, and what a comparison makes of
   * them would look like a score.
   */
  boolean isNumber();

  /**
   * @param logLikelihoods of the choices, in nats
   * @param unconditional as much without context, for acc_mutual_info; else empty
   * @param greedy whether greedy decoding gives the choice
   * @param codePoints length of each choice's text in Unicode code points
   * @param bytes length of each choice's text in UTF-8
   * @param gold the right choices' indices, {@link #NONE} for one that there is not. One below 0 is
   *     right for exact_match alone, which counts it from the end, as Python does
   */
  record Choice(
      double[] logLikelihoods,
      double[] unconditional,
      boolean[] greedy,
      int[] codePoints,
      int[] bytes,
      int[] gold)
      implements Outcome {

    /** What the harness takes for the index of a choice that there is not. */
    public static final int NONE = -100;

    @Override
    public boolean isNumber() {
      return Arrays.stream(logLikelihoods).noneMatch(Double::isNaN)
          && Arrays.stream(unconditional).noneMatch(Double::isNaN);
    }

    /** The index of the likeliest choice, the first of equals. */
    public int likeliest() {
      return indexOfGreatest(logLikelihoods);
    }

    /** Whether greedy decoding gives one of the right choices. */
    boolean greedyIsRight() {
      return Arrays.stream(gold)
          .filter(index -> index != NONE)
          .anyMatch(index -> greedy[index < 0 ? index + greedy.length : index]);
    }

    static int indexOfGreatest(double[] values) {
      int best = 0;
      for (int i = 1; i < values.length; i++) {
        if (values[i] > values[best]) {
          best = i;
        }
      }
      return best;
    }
  }

  /**
   * @param logLikelihood of the continuation, in nats
   * @param greedy whether greedy decoding gives the continuation
   */
  record Continuation(double logLikelihood, boolean greedy) implements Outcome {

    @Override
    public boolean isNumber() {
      return !Double.isNaN(logLikelihood);
    }
  }

  /**
   * @param logLikelihood of the whole text, in nats
   * @param words parts between runs of white space
   * @param bytes in UTF-8
   */
  record Text(double logLikelihood, int words, int bytes) implements Outcome {

    @Override
    public boolean isNumber() {
      return !Double.isNaN(logLikelihood);
    }
  }

  /**
   * @param recalled tokens of the greedy continuation that equal the text's, position by position;
   *     NaN where no token was the likeliest
   * @param tokens of the continuation, at least 1
   */
  record Recall(double recalled, int tokens) implements Outcome {

    @Override
    public boolean isNumber() {
      return !Double.isNaN(recalled);
    }
  }
}
