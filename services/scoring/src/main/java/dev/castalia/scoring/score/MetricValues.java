package dev.castalia.scoring.score;

import dev.castalia.schemas.Confusion;
import dev.castalia.schemas.Moments;
import dev.castalia.scoring.metric.TaskMetric;

/**
 * One metric of one slice.
 *
 * @param values one a document, in document order
 * @param weights as many, or none where the metric has none; of a metric of classes, the right ones
 */
public record MetricValues(TaskMetric metric, double[] values, double[] weights) {

  public Moments moments() {
    return Moments.of(values, weights);
  }

  /** The metric's value over these documents. */
  public double value() {
    return metric.metric().ofClasses()
        ? Confusion.of(values, weights).value(metric.aggregation())
        : moments().value(metric.aggregation());
  }
}
