package dev.castalia.scoring.results;

import dev.castalia.scoring.task.TaskGroup;
import dev.castalia.scoring.task.TaskGroup.Aggregate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What groups have of the results of their tasks, as lm-evaluation-harness computes it.
 *
 * @param groups children before parents
 * @param tasks the metrics of each task
 */
record GroupResults(List<TaskGroup> groups, Map<String, Map<String, Object>> tasks) {

  private static final String NOT_AVAILABLE = "N/A";

  /** The metrics of every group, by name. */
  Map<String, Map<String, Object>> metrics() {
    Map<String, Map<String, Object>> metrics = new LinkedHashMap<>();
    groups.forEach(group -> metrics.put(group.name(), metrics(group)));
    return metrics;
  }

  /** The metrics of those groups that have any of their own. */
  Map<String, Map<String, Object>> aggregated() {
    Map<String, Map<String, Object>> aggregated = metrics();
    groups.stream()
        .filter(group -> !hasMetrics(group))
        .forEach(group -> aggregated.remove(group.name()));
    return aggregated;
  }

  /** A number of some of a group's tasks is none of the group. */
  private boolean hasMetrics(TaskGroup group) {
    return !group.aggregates().isEmpty() && tasks.keySet().containsAll(group.tasks());
  }

  /** What is directly within each group. */
  Map<String, List<String>> children() {
    return groups.stream()
        .collect(
            Collectors.toMap(
                TaskGroup::name, TaskGroup::children, (one, other) -> one, LinkedHashMap::new));
  }

  /** Shots, also of groups whose members have the same number of them. */
  Map<String, Integer> withShots(Map<String, Integer> shots) {
    for (TaskGroup group : groups) {
      Set<Integer> different = new HashSet<>();
      group.children().stream().filter(shots::containsKey).map(shots::get).forEach(different::add);
      if (different.size() == 1) {
        shots.put(group.name(), different.iterator().next());
      }
    }
    return shots;
  }

  /** Whether higher is better, also of groups; null where their members differ. */
  Map<String, Map<String, Boolean>> withDirections(Map<String, Map<String, Boolean>> directions) {
    for (TaskGroup group : groups) {
      Map<String, Boolean> ofGroup = new LinkedHashMap<>();
      for (String child : group.children()) {
        directions
            .getOrDefault(child, Map.of())
            .forEach(
                (metric, higher) -> {
                  boolean agrees =
                      !ofGroup.containsKey(metric) || higher.equals(ofGroup.get(metric));
                  ofGroup.put(metric, agrees ? higher : null);
                });
      }
      if (!ofGroup.isEmpty()) {
        directions.put(group.name(), ofGroup);
      }
    }
    return directions;
  }

  private Map<String, Object> metrics(TaskGroup group) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("alias", group.alias());
    metrics.put("name", group.name());
    if (!hasMetrics(group)) {
      return metrics;
    }
    List<Map<String, Object>> members =
        group.tasks().stream().<Map<String, Object>>map(tasks::get).toList();
    metrics.put("sample_len", members.stream().mapToInt(GroupResults::size).sum());
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Aggregate aggregate : group.aggregates()) {
      for (String filter : aggregate.filters().isEmpty() ? List.of("none") : aggregate.filters()) {
        aggregate(aggregate, filter, members, metrics, counts);
      }
    }
    if (!counts.isEmpty()) {
      metrics.put("sample_count", counts);
    }
    return metrics;
  }

  private static void aggregate(
      Aggregate aggregate,
      String filter,
      List<Map<String, Object>> members,
      Map<String, Object> metrics,
      Map<String, Integer> counts) {
    String key = aggregate.metric() + "," + filter;
    String errorKey = aggregate.metric() + "_stderr," + filter;
    List<Map<String, Object>> having = members.stream().filter(it -> it.containsKey(key)).toList();
    if (having.isEmpty()) {
      return;
    }
    double sum = 0;
    double weights = 0;
    List<Double> errors = new ArrayList<>();
    for (Map<String, Object> member : having) {
      double weight = aggregate.weightedBySize() ? size(member) : 1;
      sum += (double) member.get(key) * weight;
      weights += weight;
      if (member.get(errorKey) instanceof Double error) {
        errors.add(error);
      }
    }
    metrics.put(key, sum / weights);
    counts.put(key, having.stream().mapToInt(GroupResults::size).sum());
    metrics.put(
        errorKey,
        errors.size() < having.size()
            ? NOT_AVAILABLE
            : aggregate.weightedBySize()
                ? (Object) pooled(having, errors)
                : (Object) unweighted(errors));
  }

  /** Of a mean weighted by size: the harness's {@code pooled_sample_stderr}. */
  private static double pooled(List<Map<String, Object>> members, List<Double> errors) {
    double variance = 0;
    long total = 0;
    for (int i = 0; i < errors.size(); i++) {
      long size = size(members.get(i));
      variance += (size - 1) * errors.get(i) * errors.get(i) * size;
      total += size;
    }
    return Math.sqrt(variance / (total - errors.size()) / total);
  }

  private static double unweighted(List<Double> errors) {
    return Math.sqrt(errors.stream().mapToDouble(error -> error * error).sum()) / errors.size();
  }

  private static int size(Map<String, Object> member) {
    return (int) member.get("sample_len");
  }
}
