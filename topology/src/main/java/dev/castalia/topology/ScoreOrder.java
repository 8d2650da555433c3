package dev.castalia.topology;

import dev.castalia.events.Direction;
import dev.castalia.events.MetricSpec;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.stream.DoubleStream;

/** Turns the values of a metric into numbers of which the lower is the better. */
public final class ScoreOrder {

  private static final MathContext DIGITS = new MathContext(12);

  /** Of the standard normal distribution: 97.5 % lies below it. */
  private static final double Z_95 = 1.959963984540054;

  private final MetricSpec metric;

  private ScoreOrder(MetricSpec metric) {
    this.metric = metric;
  }

  /**
   * @throws IllegalArgumentException if the metric is to be NEAREST to a target it does not give
   */
  public static ScoreOrder of(MetricSpec metric) {
    if (metric.getDirection() == Direction.NEAREST && metric.getTarget() == null) {
      throw new IllegalArgumentException(
          "metric " + metric.getMetric() + " ranks the nearest to a target but gives none");
    }
    return new ScoreOrder(metric);
  }

  /**
   * A number that sorts as the value ranks. What is not finite, or farther from its target than
   * numbers go, ranks behind everything, in whatever direction: it is the sign of broken weights,
   * not of a good or bad model. Values that agree to 12 digits are equal: what differs beyond is
   * the rounding of sums, such as 227 of 300 in two slices and in one.
   */
  public double sortable(double value) {
    double sortable =
        switch (metric.getDirection()) {
          case HIGHER -> -value;
          case LOWER, UNKNOWN -> value;
          case NEAREST -> Math.abs(value - metric.getTarget());
        };
    return rounded(sortable);
  }

  /**
   * The mean of numbers that {@link #sortable} gave, as one more of them: how far values are from
   * their targets on average, where the values' own mean could be at a target that each is far
   * from.
   */
  public static double meanSortable(DoubleStream sortables) {
    return rounded(sortables.average().orElse(Double.POSITIVE_INFINITY));
  }

  private static double rounded(double sortable) {
    return Double.isFinite(sortable)
        ? new BigDecimal(sortable).round(DIGITS).doubleValue()
        : Double.POSITIVE_INFINITY;
  }

  /**
   * Whether the 95 % intervals of two values are apart; for a metric that ranks the nearest to a
   * target, those of their distances from it. Null where a value is not finite or has no standard
   * error: then nothing can be said.
   */
  public Boolean apart(double value, Double stderr, double other, Double otherStderr) {
    if (stderr == null
        || otherStderr == null
        || !Double.isFinite(value + other + stderr + otherStderr)) {
      return null;
    }
    Interval one = interval(value, stderr);
    Interval two = interval(other, otherStderr);
    return one.high < two.low || two.high < one.low;
  }

  private record Interval(double low, double high) {}

  private Interval interval(double value, double stderr) {
    double low = value - Z_95 * stderr;
    double high = value + Z_95 * stderr;
    if (metric.getDirection() != Direction.NEAREST) {
      return new Interval(low, high);
    }
    double fromLow = Math.abs(low - metric.getTarget());
    double fromHigh = Math.abs(high - metric.getTarget());
    boolean around = low <= metric.getTarget() && metric.getTarget() <= high;
    return new Interval(around ? 0 : Math.min(fromLow, fromHigh), Math.max(fromLow, fromHigh));
  }
}
