package dev.castalia.scoring.score;

import dev.castalia.schemas.Moments;
import dev.castalia.scoring.metric.TaskMetric;

/**
 * One metric of one slice.
 *
 * @param values one a document, in document order
 * @param weights as many, or none where the metric has none
 */
public record MetricValues(TaskMetric metric, double[] values, double[] weights) {

  public Moments moments() {
    return Moments.of(values, weights);
  }

  /** The metric's value over these documents. */
  public double value() {
    return moments().value(metric.aggregation());
  }
}
