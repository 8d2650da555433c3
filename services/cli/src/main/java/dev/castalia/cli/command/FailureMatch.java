package dev.castalia.cli.command;

import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Which failures are meant, by what failed. */
final class FailureMatch {

  @Option(names = "--model", description = "Only models that match, with * and ?.")
  private String model;

  @Option(names = "--task", description = "Only tasks that match, with * and ?.")
  private String task;

  @Option(
      names = "--kind",
      description = "Only this kind: PERMANENT, EXHAUSTED, or UNREADABLE, which is never retried.",
      paramLabel = "KIND")
  private String kind;

  /** Query parameters of the gateway. */
  Map<String, String> filters() {
    Map<String, String> filters = new TreeMap<>();
    filters.put("model", model);
    filters.put("task", task);
    filters.put("kind", kind);
    filters.values().removeIf(value -> value == null);
    return filters;
  }
}
