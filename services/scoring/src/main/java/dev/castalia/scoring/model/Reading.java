package dev.castalia.scoring.model;

import java.util.Arrays;

/**
 * What the model said of a passage's targets, in their order.
 *
 * @param logProbabilities natural logarithms, at most 0; NaN where the weights make them so
 * @param likeliest the token the model finds likeliest at each target's place
 */
public record Reading(float[] logProbabilities, int[] likeliest) {

  /** Log-likelihood of all the targets together, in nats. */
  public double logLikelihood() {
    double sum = 0;
    for (float logProbability : logProbabilities) {
      sum += logProbability;
    }
    return sum;
  }

  /** Whether greedy decoding would have produced these targets. */
  public boolean greedy(int[] targets) {
    return Arrays.equals(likeliest, targets);
  }
}
