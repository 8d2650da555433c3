package dev.castalia.gateway.trajectory;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.castalia.events.Trajectory;
import dev.castalia.events.TrajectoryPoint;
import dev.castalia.gateway.api.Numbers;
import dev.castalia.gateway.catalog.Metric;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A trajectory, as the gateway gives it. */
@Schema(name = "Trajectory", description = "How one metric moved over one training run.")
public record TrajectoryForm(
    @Schema(description = "The training run.", examples = "nano-74k") String model,
    @Schema(description = "Name of the task.", examples = "nano_agreement") String task,
    @Schema(description = "Version of the task.") String version,
    @Schema(description = "The metric.") Metric metric,
    @Schema(description = "Few-shot examples.", examples = "0") int shots,
    @Schema(
            description = "Precision computed in; empty where a source does not say.",
            examples = "float32")
        String dtype,
    @Schema(description = "Who measured; null for Castalia itself.", nullable = true) String source,
    @Schema(description = "By step.") List<Point> points,
    @Schema(description = "When it last changed.") Instant updatedAt) {

  @Schema(name = "TrajectoryPoint", description = "One checkpoint of the run.")
  public record Point(
      @Schema(description = "The checkpoint.", examples = "step512") String revision,
      @Schema(description = "Optimizer steps taken.", examples = "512") long step,
      @Schema(description = "Training tokens seen.", examples = "2097152") long tokensSeen,
      @Schema(description = "The value; null where it is not finite.", nullable = true)
          Double value,
      @JsonInclude(JsonInclude.Include.NON_NULL)
          @Schema(description = "NaN, Infinity or -Infinity, where value is null.")
          String notFinite,
      @Schema(description = "Standard error; null where there is none.", nullable = true)
          Double stderr,
      @Schema(description = "Documents scored so far.", examples = "300") int documents,
      @Schema(description = "Documents the task has.", examples = "300") int ofDocuments) {

    static Point of(TrajectoryPoint point) {
      return new Point(
          point.getRevision(),
          point.getStep(),
          point.getTokensSeen(),
          Numbers.finite(point.getValue()),
          Numbers.notFinite(point.getValue()),
          Numbers.finite(point.getStderr()),
          point.getDocuments(),
          point.getOfDocuments());
    }
  }

  public static TrajectoryForm of(Trajectory event) {
    return new TrajectoryForm(
        event.getModel(),
        event.getTask(),
        event.getVersion(),
        Metric.of(event.getMetric()),
        event.getShots(),
        event.getDtype(),
        event.getSource(),
        event.getPoints().stream().map(Point::of).toList(),
        event.getUpdatedAt());
  }
}
