package dev.castalia.cli.command;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Arguments that tell which failures are meant; for an argument group of which one is given. */
final class FailureChoice {

  @Parameters(
      paramLabel = "FAILURE",
      description = "Key of a failure, as 'castalia failures --json' gives it.")
  private String failure;

  @Option(names = "--sweep", description = "All that failed of what this sweep wants.")
  private String sweep;

  @Option(names = "--all", description = "All that failed.")
  private boolean all;

  @ArgGroup(exclusive = false, multiplicity = "1")
  private Matching matching;

  private static final class Matching {

    @Option(names = "--model", description = "Only models that match, with * and ?.")
    private String model;

    @Option(names = "--task", description = "Only tasks that match, with * and ?.")
    private String task;

    @Option(
        names = "--kind",
        description =
            "Only this kind: PERMANENT, EXHAUSTED, or UNREADABLE, which is never retried.",
        paramLabel = "KIND")
    private String kind;
  }

  Optional<String> sweep() {
    return Optional.ofNullable(sweep);
  }

  /** Query parameters of the gateway. */
  Map<String, String> filters() {
    Map<String, String> filters = new TreeMap<>();
    put(filters, "failure", failure);
    if (matching != null) {
      put(filters, "model", matching.model);
      put(filters, "task", matching.task);
      put(filters, "kind", matching.kind);
    }
    return filters;
  }

  private static void put(Map<String, String> filters, String name, String value) {
    if (value != null) {
      filters.put(name, value);
    }
  }
}
