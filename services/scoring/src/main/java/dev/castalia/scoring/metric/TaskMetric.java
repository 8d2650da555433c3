package dev.castalia.scoring.metric;

import dev.castalia.events.Aggregation;

/**
 * A metric as a task uses it.
 *
 * @param higherIsBetter as the task or the harness says it, for files in the harness's form; {@code
 *     direction} is what Castalia ranks by
 */
public record TaskMetric(
    Metric metric, Aggregation aggregation, Direction direction, boolean higherIsBetter) {

  public String name() {
    return metric.label();
  }
}
