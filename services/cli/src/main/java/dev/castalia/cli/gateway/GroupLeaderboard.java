package dev.castalia.cli.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * The best of a group of tasks, by the mean of one metric.
 *
 * @param source who measured; null for Castalia itself
 * @param tasks averaged over
 * @param total entries in all, after the filters
 */
public record GroupLeaderboard(
    String group,
    MetricEntry metric,
    int shots,
    @JsonInclude(JsonInclude.Include.NON_NULL) String source,
    List<String> tasks,
    List<Entry> entries,
    int total) {

  /**
   * One row.
   *
   * @param rank from 1; null where a task is not wholly scored
   * @param value null where it is not finite
   * @param notFinite NaN, Infinity or -Infinity where value is null; else null
   * @param stderr null where there is none
   * @param tasks wholly scored, of {@code ofTasks}
   */
  public record Entry(
      Integer rank,
      String model,
      String revision,
      long step,
      long parameters,
      Double value,
      @JsonInclude(JsonInclude.Include.NON_NULL) String notFinite,
      Double stderr,
      int tasks,
      int ofTasks) {}
}
