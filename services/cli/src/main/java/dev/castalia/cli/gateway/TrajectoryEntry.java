package dev.castalia.cli.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * How one metric moved over one training run.
 *
 * @param source who measured; null for Castalia itself
 * @param points by step
 */
public record TrajectoryEntry(
    String model,
    String task,
    String version,
    MetricEntry metric,
    int shots,
    String dtype,
    String source,
    List<Point> points) {

  /**
   * @param value null where it is not finite
   * @param notFinite NaN, Infinity or -Infinity where value is null; else null
   * @param stderr null where there is none
   * @param documents scored so far; 0 where a source does not say
   * @param ofDocuments the task has; 0 where a source does not say
   */
  public record Point(
      String revision,
      long step,
      long tokensSeen,
      Double value,
      @JsonInclude(JsonInclude.Include.NON_NULL) String notFinite,
      Double stderr,
      int documents,
      int ofDocuments) {}
}
