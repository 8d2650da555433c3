package dev.castalia.topology;

import dev.castalia.events.MetricSpec;
import java.math.BigDecimal;
import java.math.MathContext;

/** Turns the values of a metric into numbers of which the lower is the better. */
public final class ScoreOrder {

  private static final MathContext DIGITS = new MathContext(12);

  private final MetricSpec metric;

  private ScoreOrder(MetricSpec metric) {
    this.metric = metric;
  }

  /**
   * @throws IllegalArgumentException if the metric is to be NEAREST to a target it does not give
   */
  public static ScoreOrder of(MetricSpec metric) {
    if (metric.getDirection() == dev.castalia.events.Direction.NEAREST
        && metric.getTarget() == null) {
      throw new IllegalArgumentException(
          "metric " + metric.getMetric() + " ranks the nearest to a target but gives none");
    }
    return new ScoreOrder(metric);
  }

  /**
   * A number that sorts as the value ranks. What is not finite ranks behind everything, in whatever
   * direction: it is the sign of broken weights, not of a good or bad model. Values that agree to
   * 12 digits are equal: what differs beyond is the rounding of sums, such as 227 of 300 in two
   * slices and in one.
   */
  public double sortable(double value) {
    if (!Double.isFinite(value)) {
      return Double.POSITIVE_INFINITY;
    }
    return switch (metric.getDirection()) {
      case HIGHER -> 0.0 - rounded(value);
      case LOWER, UNKNOWN -> 0.0 + rounded(value);
      case NEAREST -> rounded(Math.abs(value - metric.getTarget()));
    };
  }

  private static double rounded(double value) {
    return new BigDecimal(value).round(DIGITS).doubleValue();
  }
}
