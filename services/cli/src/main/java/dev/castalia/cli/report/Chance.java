package dev.castalia.cli.report;

import org.hipparchus.distribution.discrete.BinomialDistribution;

/**
 * How many of several tests, taken for independent, find something where there is nothing.
 *
 * @param alpha the rate at which each does
 */
record Chance(int tests, double alpha) {

  /** The rate at which as many as are beyond chance, or more, find something. */
  private static final double RARE = 0.05;

  private static final double ROUNDING = 1e-9;

  double expected() {
    return alpha * tests;
  }

  /** By the upper tail of the binomial distribution. */
  boolean isExceededBy(long found) {
    return 1 - new BinomialDistribution(tests, alpha).cumulativeProbability((int) found - 1)
        <= RARE + ROUNDING;
  }
}
