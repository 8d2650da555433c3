package dev.castalia.topology.findings.statistics;

import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * An estimate with its confidence interval.
 *
 * @param estimate what is likeliest
 * @param low lower end
 * @param high upper end
 */
public record Interval(double estimate, double low, double high) {

  private static final NormalDistribution NORMAL = new NormalDistribution();

  /** estimate ± z·stderr. */
  public static Interval normal(double estimate, double stderr, double confidence) {
    double reach = normalQuantile(confidence) * stderr;
    return new Interval(estimate, estimate - reach, estimate + reach);
  }

  /** estimate ± t·stderr, of Student's t. */
  static Interval student(double estimate, double stderr, int degrees, double confidence) {
    double reach =
        new TDistribution(degrees).inverseCumulativeProbability(0.5 + confidence / 2) * stderr;
    return new Interval(estimate, estimate - reach, estimate + reach);
  }

  /** How many standard errors an interval of that confidence reaches to each side. */
  static double normalQuantile(double confidence) {
    return NORMAL.inverseCumulativeProbability(0.5 + confidence / 2);
  }

  /** Probability that a standard normal number is as far from 0, on either side. */
  static double twoSided(double z) {
    return 2 * NORMAL.cumulativeProbability(-Math.abs(z));
  }

  /** Probability that a standard normal number is as large. */
  static double oneSided(double z) {
    return NORMAL.cumulativeProbability(-z);
  }

  public boolean contains(double value) {
    return low <= value && value <= high;
  }
}
