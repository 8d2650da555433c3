package dev.castalia.gateway.sweep;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.gateway.api.Fields;
import dev.castalia.gateway.api.Rules;
import dev.castalia.gateway.catalog.Checkpoint;
import dev.castalia.gateway.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A sweep that somebody thinks of, over checkpoints that need not be published yet. (Jackson could
 * unwrap the order into this, but would no more refuse a field that is misspelt.)
 */
@Schema(
    name = "PlanOrder",
    description = "A sweep order, and checkpoints to count as if they were published.",
    allOf = SweepOrder.class)
public record PlanOrder(
    String sweep,
    String requestedBy,
    List<String> models,
    String steps,
    List<String> tasks,
    Integer shots,
    String dtype,
    Boolean standing,
    Integer priority,
    @Schema(
            description =
                "Checkpoints that count as if they were published with this; nothing is kept of"
                    + " them. One that is published already counts once.",
            nullable = true)
        List<Checkpoint> checkpoints) {

  SweepOrder order() {
    return new SweepOrder(
        sweep, requestedBy, models, steps, tasks, shots, dtype, standing, priority);
  }

  /**
   * The checkpoints as they would be published now.
   *
   * @throws ProblemException naming what of one is wrong
   */
  List<CheckpointPublished> published(Instant now) {
    if (checkpoints == null || checkpoints.isEmpty()) {
      return List.of();
    }
    return new Fields("the plan")
        .notEmpty("checkpoints", checkpoints).stream().map(it -> published(it, now)).toList();
  }

  private static CheckpointPublished published(Checkpoint checkpoint, Instant now) {
    CheckpointPublished event = checkpoint.toEvent(now);
    Rules.check(event);
    return event;
  }
}
