package dev.castalia.gateway.failure;

import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.FailureKind;
import dev.castalia.gateway.view.Row;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A failure, as the gateway gives it. */
@Schema(name = "Failure", description = "A unit that could not be scored, or an unreadable record.")
public record Failure(
    @Schema(description = "Key of the failure.") String failure,
    @Schema(description = "model@revision; null for a record.", nullable = true) String checkpoint,
    @Schema(description = "Name of the task; null for a record.", nullable = true) String task,
    @Schema(description = "Version of the task; null for a record.", nullable = true)
        String version,
    @Schema(description = "Few-shot examples; null for a record.", nullable = true) Integer shots,
    @Schema(description = "Precision; null for a record.", nullable = true) String dtype,
    @Schema(description = "Index of the first document; null for a record.", nullable = true)
        Integer start,
    @Schema(description = "Index after the last document; null for a record.", nullable = true)
        Integer end,
    @Schema(description = "Whether it will be tried again.", examples = "PERMANENT")
        FailureKind kind,
    @Schema(description = "What was wrong, with what value.") String reason,
    @Schema(description = "What to do about it.") String remedy,
    @Schema(description = "Attempts made so far.", examples = "3") int attempts,
    @Schema(description = "Id of the scorer that failed.", nullable = true) String scorer,
    @Schema(
            description = "Id of the sweep that wants a task nobody registered; null otherwise.",
            nullable = true)
        String sweep,
    @Schema(description = "When.") Instant failedAt) {

  public static Failure of(Row<EvaluationFailed> row) {
    EvaluationFailed event = row.value();
    var unit = event.getUnit();
    return new Failure(
        row.key(),
        unit == null ? null : unit.getCheckpoint(),
        unit == null ? null : unit.getTask(),
        unit == null ? null : unit.getVersion(),
        unit == null ? null : unit.getShots(),
        unit == null ? null : unit.getDtype(),
        unit == null ? null : unit.getStart(),
        unit == null ? null : unit.getEnd(),
        event.getKind(),
        event.getReason(),
        event.getRemedy(),
        event.getAttempts(),
        event.getScorer(),
        event.getSweep(),
        event.getFailedAt());
  }
}
