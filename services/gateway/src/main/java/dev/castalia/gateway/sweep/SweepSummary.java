package dev.castalia.gateway.sweep;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.gateway.view.Sweep;
import dev.castalia.gateway.view.Views;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A sweep, as the gateway gives it. Of a cancelled one the request is gone. */
@Schema(
    name = "Sweep",
    description = "A sweep and how far it is. Of a cancelled one the request is gone.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SweepSummary(
    @Schema(description = "Id of the sweep.", examples = "nano-nightly") String sweep,
    @Schema(description = "Who asked.") String requestedBy,
    @Schema(description = "When it was accepted.") Instant requestedAt,
    @Schema(description = "Patterns over models.") List<String> models,
    @Schema(description = "Which steps.") String steps,
    @Schema(description = "The tasks.") List<Task> tasks,
    @Schema(description = "Precision.") String dtype,
    @Schema(description = "Whether it goes on.") Boolean standing,
    @Schema(description = "Higher is issued first.") Integer priority,
    @Schema(description = "Who cancelled it.") String cancelledBy,
    @Schema(description = "When it was cancelled.") Instant cancelledAt,
    @Schema(description = "What it amounts to; left out of lists.") SweepPlan plan,
    @Schema(description = "How far it is.") Progress progress) {

  @Schema(name = "SweepTask")
  public record Task(
      @Schema(description = "Name of the task.") String task,
      @Schema(description = "Version; left out to follow the latest.") String version,
      @Schema(description = "Few-shot examples; left out for the task's own.") Integer shots) {

    static Task of(SweepTask event) {
      return new Task(event.getTask(), event.getVersion(), event.getShots());
    }
  }

  public static SweepSummary of(Sweep sweep, Views views) {
    return switch (sweep) {
      case Sweep.Requested(var event, var digest) -> of(event, null, views);
      case Sweep.Cancelled(var event) ->
          new SweepSummary(
              event.getSweep(),
              null,
              null,
              null,
              null,
              null,
              null,
              null,
              null,
              event.getCancelledBy(),
              event.getCancelledAt(),
              null,
              Progress.of(event.getSweep(), views));
    };
  }

  static SweepSummary withPlan(Sweep sweep, Views views) {
    return switch (sweep) {
      case Sweep.Requested(var event, var digest) -> of(event, SweepPlan.of(event, views), views);
      case Sweep.Cancelled cancelled -> of(cancelled, views);
    };
  }

  private static SweepSummary of(SweepRequested event, SweepPlan plan, Views views) {
    return new SweepSummary(
        event.getSweep(),
        event.getRequestedBy(),
        event.getRequestedAt(),
        event.getModels(),
        event.getSteps(),
        event.getTasks().stream().map(Task::of).toList(),
        event.getDtype(),
        event.getStanding(),
        event.getPriority(),
        null,
        null,
        plan,
        Progress.of(event.getSweep(), views));
  }
}
