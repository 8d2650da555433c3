package dev.castalia.topology.findings.statistics;

import org.hipparchus.special.Gamma;

/** The χ² distribution. */
final class ChiSquared {

  /** As large a sum has a probability of 0 with any degrees that there are. */
  private static final double ENDLESS = 1e12;

  private ChiSquared() {}

  /** Probability that the sum of so many squares of standard normal numbers is as large. */
  static double atLeast(double sum, int degrees) {
    // The function's continued fraction does not end with an infinite sum.
    return sum > ENDLESS ? 0 : Gamma.regularizedGammaQ(degrees / 2.0, sum / 2);
  }
}
