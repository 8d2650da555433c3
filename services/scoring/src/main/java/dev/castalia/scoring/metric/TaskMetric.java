package dev.castalia.scoring.metric;

import dev.castalia.events.Aggregation;
import java.util.OptionalDouble;

/**
 * A metric as a task uses it.
 *
 * @param higherIsBetter as the task or the harness says it, for files in the harness's form; {@code
 *     direction} is what Castalia ranks by
 * @param chance what guessing would give, where that is known
 */
public record TaskMetric(
    Metric metric,
    Aggregation aggregation,
    Direction direction,
    boolean higherIsBetter,
    OptionalDouble chance) {

  public String name() {
    return metric.label();
  }
}
