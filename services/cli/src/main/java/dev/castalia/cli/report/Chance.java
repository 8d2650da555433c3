package dev.castalia.cli.report;

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
    double odds = alpha / (1 - alpha);
    double logProbability = tests * Math.log1p(-alpha);
    double fewer = 0;
    for (int k = 0; k < found; k++) {
      fewer += Math.exp(logProbability);
      logProbability += Math.log(odds * (tests - k) / (k + 1));
    }
    return 1 - fewer <= RARE + ROUNDING;
  }
}
