package dev.castalia.topology.findings.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Measurements in the order of their places, each with a standard error above 0.
 *
 * <p>A standard error of 0, as a score of 0 or 1 of few documents has, would weigh infinitely: it
 * becomes the smallest that the others have. Where a standard error is unknown, or all are 0, every
 * one becomes the scatter from one measurement to the next, estimated from second differences
 * (Gasser, Sroka and Jennen-Steinmetz, "Residual variance and residual pattern in nonlinear
 * regression", 1986) by their median, which a few jumps do not move.
 */
final class Series {

  /** Turns the median of |N(0,1)| into 1. */
  private static final double MEDIAN_OF_NORMAL = 0.674489750196082;

  final double[] at;
  final double[] value;
  final double[] stderr;

  /** Whether the standard errors are those of sampling, and not estimated from scatter. */
  final boolean sampled;

  Series(List<Measurement> measurements) {
    List<Measurement> ordered =
        measurements.stream()
            .filter(it -> Double.isFinite(it.value()))
            .sorted(Comparator.comparingDouble(Measurement::at))
            .toList();
    at = ordered.stream().mapToDouble(Measurement::at).toArray();
    value = ordered.stream().mapToDouble(Measurement::value).toArray();
    double[] given = ordered.stream().mapToDouble(Measurement::stderr).toArray();
    double least = Arrays.stream(given).filter(it -> it > 0).min().orElse(Double.NaN);
    sampled = Arrays.stream(given).noneMatch(Double::isNaN) && !Double.isNaN(least);
    stderr = new double[given.length];
    double scatter = sampled ? 0 : scatter(at, value);
    for (int i = 0; i < given.length; i++) {
      stderr[i] = sampled ? Math.max(given[i], least) : scatter;
    }
  }

  private Series(double[] at, double[] value, double[] stderr, boolean sampled) {
    this.at = at;
    this.value = value;
    this.stderr = stderr;
    this.sampled = sampled;
  }

  /** The same, with that much less in every value. */
  Series minus(double constant) {
    double[] less = Arrays.stream(value).map(it -> it - constant).toArray();
    return new Series(at, less, stderr, sampled);
  }

  /** The same from the other end, each place with the opposite sign. */
  Series mirrored() {
    double[] opposite = Arrays.stream(reversed(at)).map(it -> -it).toArray();
    return new Series(opposite, reversed(value), reversed(stderr), sampled);
  }

  static double[] reversed(double[] values) {
    return IntStream.range(0, values.length)
        .mapToDouble(i -> values[values.length - 1 - i])
        .toArray();
  }

  int size() {
    return at.length;
  }

  double weight(int i) {
    return 1 / (stderr[i] * stderr[i]);
  }

  double[] weights() {
    double[] weights = new double[size()];
    Arrays.setAll(weights, this::weight);
    return weights;
  }

  double mean() {
    double sum = 0;
    double weights = 0;
    for (int i = 0; i < size(); i++) {
      sum += weight(i) * value[i];
      weights += weight(i);
    }
    return sum / weights;
  }

  /** Σ ((y − mean) / stderr)²: Cochran's Q, χ² with n − 1 degrees for equal true values. */
  double heterogeneity() {
    double mean = mean();
    double sum = 0;
    for (int i = 0; i < size(); i++) {
      double z = (value[i] - mean) / stderr[i];
      sum += z * z;
    }
    return sum;
  }

  /** The middle of the values, which are sorted by this. */
  private static double median(double[] values) {
    Arrays.sort(values);
    int half = values.length / 2;
    return values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  }

  /** Scatter of one value around the straight line through its neighbours. */
  static double scatter(double[] at, double[] value) {
    if (value.length < 3) {
      return 1;
    }
    double[] residuals = new double[value.length - 2];
    for (int i = 1; i < value.length - 1; i++) {
      double width = at[i + 1] - at[i - 1];
      double left = width == 0 ? 0.5 : (at[i + 1] - at[i]) / width;
      double right = 1 - left;
      double off = value[i] - left * value[i - 1] - right * value[i + 1];
      residuals[i - 1] = Math.abs(off) / Math.sqrt(1 + left * left + right * right);
    }
    double median = median(residuals) / MEDIAN_OF_NORMAL;
    if (median > 0) {
      return median;
    }
    // More than half lie on straight lines: take what the others say.
    double mean = Arrays.stream(residuals).average().orElse(0);
    return mean > 0 ? mean : Math.max(1e-9, 1e-9 * Math.abs(value[0]));
  }
}
