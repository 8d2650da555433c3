package dev.castalia.scoring.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tasks that are reported together.
 *
 * @param alias what tables call it
 * @param version what its authors call its version; "N/A" where they don't
 * @param aggregates the metrics that the group as a whole has
 * @param groups directly within it
 * @param children names of tasks and groups directly within it, in order
 * @param tasks names of all tasks within it, at any depth
 */
public record TaskGroup(
    String name,
    String alias,
    String version,
    List<Aggregate> aggregates,
    List<TaskGroup> groups,
    List<String> children,
    List<String> tasks) {

  /**
   * A metric of a group.
   *
   * @param filters of the results that are taken; empty for all there are
   * @param weightedBySize whether a task counts as much as it has documents, or all count the same
   */
  public record Aggregate(String metric, List<String> filters, boolean weightedBySize) {}

  /** This group and all within it, children before parents. */
  List<TaskGroup> bottomUp() {
    Map<String, TaskGroup> seen = new LinkedHashMap<>();
    groups.forEach(group -> group.bottomUp().forEach(inner -> seen.putIfAbsent(inner.name, inner)));
    seen.putIfAbsent(name, this);
    return new ArrayList<>(seen.values());
  }
}
