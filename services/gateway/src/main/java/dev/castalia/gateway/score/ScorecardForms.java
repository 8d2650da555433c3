package dev.castalia.gateway.score;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.castalia.events.MetricScore;
import dev.castalia.events.Scorecard;
import dev.castalia.gateway.api.Numbers;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The forms in which scores are given. */
public final class ScorecardForms {

  private ScorecardForms() {}

  @Schema(name = "Score", description = "A metric's value over the documents scored so far.")
  public record Score(
      @Schema(
              description = "The value; null where it is not finite.",
              examples = "0.79",
              nullable = true)
          Double value,
      @Schema(description = "Standard error; null where there is none.", nullable = true)
          Double stderr,
      @JsonInclude(JsonInclude.Include.NON_NULL)
          @Schema(description = "NaN, Infinity or -Infinity, where value is null.")
          String notFinite) {

    static Score of(MetricScore score) {
      return new Score(
          Numbers.finite(score.getValue()),
          Numbers.finite(score.getStderr()),
          Numbers.notFinite(score.getValue()));
    }
  }

  @Schema(name = "TaskScore", description = "A checkpoint's score on one task.")
  public record TaskScore(
      @Schema(
              description = "Documents scored so far; 0 where a source does not say.",
              examples = "300")
          int documents,
      @Schema(description = "Documents the task has.", examples = "300") int ofDocuments,
      @Schema(description = "The metrics by name, in the task's order.") Map<String, Score> metrics,
      @Schema(description = "Version of the task.") String version,
      @Schema(description = "Few-shot examples.", examples = "0") int shots,
      @Schema(
              description = "Precision computed in; empty where a source does not say.",
              examples = "float32")
          String dtype,
      @JsonInclude(JsonInclude.Include.NON_NULL)
          @Schema(description = "Who measured; left out for Castalia itself.")
          String source,
      @JsonInclude(JsonInclude.Include.NON_NULL)
          @Schema(
              description =
                  "The checkpoint with the same weights that was scored in this one's place; left"
                      + " out when this one was.",
              examples = "nano-74k@step0")
          String scoredAs,
      @JsonInclude(JsonInclude.Include.NON_NULL)
          @Schema(
              description =
                  "Fingerprint of the weights that the checkpoint was scored with before they"
                      + " changed and it was scored anew; left out when they never changed.")
          String replaced) {

    static TaskScore of(Scorecard card) {
      return new TaskScore(
          card.getDocuments(),
          card.getOfDocuments(),
          ScorecardForms.metrics(card),
          card.getVersion(),
          card.getShots(),
          card.getDtype(),
          card.getSource(),
          card.getScoredAs(),
          card.getReplaced());
    }
  }

  @Schema(name = "Scorecard", description = "A checkpoint's scores on all tasks.")
  public record CheckpointScores(
      @Schema(description = "The training run.", examples = "nano-74k") String model,
      @Schema(description = "The checkpoint of that run.", examples = "step512") String revision,
      @Schema(description = "Optimizer steps taken.", examples = "512") long step,
      @Schema(
              description =
                  "By the task's name; scores at other shots than the task's own have @Nshot"
                      + " behind the name, those in other precision than float32 then @dtype, and"
                      + " those that a source reported @source.")
          Map<String, TaskScore> tasks) {}

  /** One scorecard as events carry it. */
  @Schema(name = "ScorecardRow", description = "One checkpoint's score on one task.")
  public record ScorecardRow(
      String model,
      String revision,
      long step,
      String task,
      String version,
      int shots,
      String dtype,
      @JsonInclude(JsonInclude.Include.NON_NULL) String source,
      int documents,
      int ofDocuments,
      Map<String, Score> metrics,
      Instant updatedAt) {

    public static ScorecardRow of(Scorecard card) {
      return new ScorecardRow(
          card.getCheckpoint().getModel(),
          card.getCheckpoint().getRevision(),
          card.getCheckpoint().getStep(),
          card.getTask(),
          card.getVersion(),
          card.getShots(),
          card.getDtype(),
          card.getSource(),
          card.getDocuments(),
          card.getOfDocuments(),
          ScorecardForms.metrics(card),
          card.getUpdatedAt());
    }
  }

  private static Map<String, Score> metrics(Scorecard card) {
    Map<String, Score> metrics = new LinkedHashMap<>();
    card.getMetrics().forEach(score -> metrics.put(score.getSpec().getMetric(), Score.of(score)));
    return metrics;
  }
}
