package dev.castalia.topology.findings.statistics;

import org.hipparchus.distribution.continuous.ChiSquaredDistribution;

/** The χ² distribution. */
final class ChiSquared {

  /** As large a sum has a probability of 0 with any degrees that there are. */
  private static final double ENDLESS = 1e12;

  private ChiSquared() {}

  /** Probability that the sum of so many squares of standard normal numbers is as large. */
  static double atLeast(double sum, int degrees) {
    // The distribution's series does not end with an infinite sum.
    return sum > ENDLESS ? 0 : 1 - new ChiSquaredDistribution(degrees).cumulativeProbability(sum);
  }
}
