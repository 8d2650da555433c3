package dev.castalia.cli.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * The best of a task's ranking by one metric.
 *
 * @param version null while nothing is scored
 * @param source who measured; null for Castalia itself
 * @param sources who measured the same, Castalia being castalia; null from a gateway that does not
 *     say
 * @param total entries in all, after the filters
 */
public record Leaderboard(
    String task,
    String version,
    MetricEntry metric,
    int shots,
    String dtype,
    @JsonInclude(JsonInclude.Include.NON_NULL) String source,
    @JsonInclude(JsonInclude.Include.NON_NULL) List<String> sources,
    List<Entry> entries,
    int total) {

  /**
   * One row.
   *
   * @param rank from 1; equals share one
   * @param value null where it is not finite
   * @param notFinite NaN, Infinity or -Infinity where value is null; else null
   * @param stderr null where there is none
   * @param documents scored so far
   * @param ofDocuments the task has
   * @param apartFromFirst whether the 95 % intervals of this and the first are apart; null where
   *     that cannot be told
   * @param apartFromPrevious the same of the one before
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Entry(
      int rank,
      String model,
      String revision,
      long step,
      Long tokensSeen,
      long parameters,
      String variant,
      Long seed,
      @JsonInclude Double value,
      String notFinite,
      @JsonInclude Double stderr,
      int documents,
      int ofDocuments,
      Boolean apartFromFirst,
      Boolean apartFromPrevious) {}
}
