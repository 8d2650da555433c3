package dev.castalia.topology;

import dev.castalia.events.MetricSpec;

/** Turns the values of a metric into numbers of which the lower is the better. */
public final class ScoreOrder {

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
   * direction: it is the sign of broken weights, not of a good or bad model.
   */
  public double sortable(double value) {
    if (!Double.isFinite(value)) {
      return Double.POSITIVE_INFINITY;
    }
    return switch (metric.getDirection()) {
      case HIGHER -> 0.0 - value;
      case LOWER, UNKNOWN -> 0.0 + value;
      case NEAREST -> Math.abs(value - metric.getTarget());
    };
  }
}
