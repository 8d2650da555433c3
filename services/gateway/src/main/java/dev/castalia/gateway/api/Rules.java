package dev.castalia.gateway.api;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.ScoreReported;
import dev.castalia.events.Scorecard;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.TaskRegistered;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.intake.EventRules;
import dev.castalia.topology.reported.ReportedScores;
import org.apache.avro.specific.SpecificRecord;

/** What the aggregator would put aside is refused while whoever sends it still listens. */
public final class Rules {

  private Rules() {}

  /**
   * The key that the event must have.
   *
   * @throws ProblemException if the event breaks a rule, naming the field
   */
  public static String check(SpecificRecord event) {
    try {
      return EventRules.check(event);
    } catch (IllegalArgumentException e) {
      throw broken(event, e);
    }
  }

  /**
   * That the scorecard of what was reported before has room for the score.
   *
   * @throws ProblemException if it has not
   */
  public static void check(Scorecard card, ScoreReported score) {
    try {
      ReportedScores.check(card, score);
    } catch (IllegalArgumentException e) {
      throw broken(score, e);
    }
  }

  private static ProblemException broken(SpecificRecord event, IllegalArgumentException rule) {
    return ProblemException.unprocessable(
        "invalid-field",
        "Invalid field",
        "In %s: %s.".formatted(described(event), rule.getMessage()));
  }

  private static String described(SpecificRecord event) {
    return switch (event) {
      case TaskRegistered task -> "task " + task.getTask();
      case CheckpointPublished checkpoint -> "checkpoint " + Keys.of(checkpoint);
      case ScoreReported score ->
          "the report of %s: checkpoint %s, task %s"
              .formatted(score.getSource(), Keys.of(score.getCheckpoint()), score.getTask());
      case SweepRequested sweep -> "the sweep";
      default -> "the " + event.getSchema().getName();
    };
  }
}
