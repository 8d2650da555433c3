package dev.castalia.cli.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;

/**
 * A checkpoint's scores. As JSON, this is what {@code scorecard --json} prints and what a file of
 * scorecards holds.
 *
 * @param tasks by name, in order
 */
public record Scorecard(String model, String revision, long step, Map<String, TaskScore> tasks) {

  /**
   * @param documents scored so far
   * @param metrics by name, in the task's order
   * @param source who measured; null for Castalia itself
   * @param scoredAs the checkpoint with the same weights that was scored in this one's place; null
   *     when this one was
   * @param replaced fingerprint of the weights that were scored before, when they changed; else
   *     null
   */
  public record TaskScore(
      int documents,
      Map<String, Score> metrics,
      @JsonInclude(JsonInclude.Include.NON_NULL) String source,
      @JsonInclude(JsonInclude.Include.NON_NULL) String scoredAs,
      @JsonInclude(JsonInclude.Include.NON_NULL) String replaced) {}

  /**
   * @param value null where it is not finite
   * @param stderr null where there is none
   * @param notFinite NaN, Infinity or -Infinity where value is null; else null
   */
  public record Score(
      Double value, Double stderr, @JsonInclude(JsonInclude.Include.NON_NULL) String notFinite) {}
}
