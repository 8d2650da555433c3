package dev.castalia.gateway.catalog;

import dev.castalia.events.Aggregation;
import dev.castalia.events.Direction;
import dev.castalia.events.MetricSpec;
import dev.castalia.gateway.api.Fields;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A metric of a task. */
@Schema(name = "Metric", description = "A metric: how it is aggregated, how its values rank.")
public record Metric(
    @Schema(description = "Name as in lm-evaluation-harness.", examples = "acc") String metric,
    @Schema(description = "From per-document values to one number.", examples = "MEAN")
        Aggregation aggregation,
    @Schema(description = "Which values rank first.", examples = "HIGHER") Direction direction,
    @Schema(
            description = "The unbiased value that NEAREST measures from; else null.",
            nullable = true)
        Double target,
    @Schema(
            description = "Expected value of guessing; null where guessing has none.",
            examples = "0.5",
            nullable = true)
        Double chance) {

  public static Metric of(MetricSpec spec) {
    return new Metric(
        spec.getMetric(),
        spec.getAggregation(),
        spec.getDirection(),
        spec.getTarget(),
        spec.getChance());
  }

  MetricSpec toEvent(Fields fields) {
    MetricSpec event = toReportedEvent(fields);
    if (aggregation == Aggregation.UNKNOWN || direction == Direction.UNKNOWN) {
      throw fields.invalid("metric " + metric, "has aggregation or direction UNKNOWN");
    }
    return event;
  }

  /** As a source gives it, which may not say how it is aggregated and which values are good. */
  public MetricSpec toReportedEvent(Fields fields) {
    fields.name("metrics/metric", metric);
    fields.required("metrics/aggregation of " + metric, aggregation);
    fields.required("metrics/direction of " + metric, direction);
    if (direction == Direction.NEAREST && target == null) {
      throw fields.invalid("metric " + metric, "has direction NEAREST but no target");
    }
    return new MetricSpec(metric, aggregation, direction, target, chance);
  }
}
