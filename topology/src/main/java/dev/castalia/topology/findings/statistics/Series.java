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
 *
 * <p>A run may wobble by more than sampling from one checkpoint to the next: see {@link
 * #roughness(List)}.
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

  /** The same with standard errors so many times as large. */
  Series times(double roughness) {
    double[] larger = Arrays.stream(stderr).map(it -> it * roughness).toArray();
    return new Series(at, value, larger, sampled);
  }

  /** The same but for one measurement. */
  Series without(int i) {
    return new Series(without(at, i), without(value, i), without(stderr, i), sampled);
  }

  private static double[] without(double[] values, int left) {
    return IntStream.range(0, values.length)
        .filter(i -> i != left)
        .mapToDouble(i -> values[i])
        .toArray();
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

  /**
   * How many times as far as by sampling alone runs scatter from one measurement to the next, at
   * least 1, by the median of their second differences. 1 of runs whose standard errors are not
   * those of sampling, for they are that scatter, and of fewer than three measurements. What a run
   * bends within three measurements counts as scatter.
   */
  static double roughness(List<Series> runs) {
    return roughness(
        runs.stream()
            .filter(it -> it.sampled)
            .flatMapToDouble(it -> Arrays.stream(it.secondDifferences()))
            .toArray());
  }

  /** The same by second differences, which are sorted by this. */
  static double roughness(double[] secondDifferences) {
    return secondDifferences.length == 0
        ? 1
        : Math.max(1, median(secondDifferences) / MEDIAN_OF_NORMAL);
  }

  /**
   * How far each but the first and last value is from the straight line through its neighbours, in
   * standard errors of that distance.
   */
  double[] secondDifferences() {
    return secondDifferences(at, value, stderr);
  }

  private static double[] secondDifferences(double[] at, double[] value, double[] stderr) {
    double[] differences = new double[Math.max(0, value.length - 2)];
    for (int i = 1; i < value.length - 1; i++) {
      double width = at[i + 1] - at[i - 1];
      double left = width == 0 ? 0.5 : (at[i + 1] - at[i]) / width;
      double right = 1 - left;
      double off = value[i] - left * value[i - 1] - right * value[i + 1];
      double variance =
          stderr[i] * stderr[i]
              + left * left * stderr[i - 1] * stderr[i - 1]
              + right * right * stderr[i + 1] * stderr[i + 1];
      differences[i - 1] = Math.abs(off) / Math.sqrt(variance);
    }
    return differences;
  }

  /** Scatter of one value around the straight line through its neighbours. */
  static double scatter(double[] at, double[] value) {
    if (value.length < 3) {
      return 1;
    }
    double[] ones = new double[value.length];
    Arrays.fill(ones, 1);
    double[] residuals = secondDifferences(at, value, ones);
    double median = median(residuals) / MEDIAN_OF_NORMAL;
    if (median > 0) {
      return median;
    }
    // More than half lie on straight lines: take what the others say.
    double mean = Arrays.stream(residuals).average().orElse(0);
    return mean > 0 ? mean : Math.max(1e-9, 1e-9 * Math.abs(value[0]));
  }
}
