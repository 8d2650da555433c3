package dev.castalia.cli.command;

import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.Json;
import dev.castalia.cli.text.Numbers;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Has failed units tried again. */
@Command(
    name = "retry",
    description =
        "Has failed units tried again, once what their failures name is mended. Tell which: one by"
            + " its key, those of a sweep, those that match, or all. What no sweep wants any more is"
            + " left out: request a new sweep, which tries it again.")
public final class RetryCommand implements Runnable {

  @Spec private CommandSpec spec;
  @Mixin private GatewayOption gateway;

  @ArgGroup(multiplicity = "1")
  private Which which;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  private static final class Which {

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
  }

  private static final class Matching {

    @Option(names = "--model", description = "Only models that match, with * and ?.")
    private String model;

    @Option(names = "--task", description = "Only tasks that match, with * and ?.")
    private String task;

    @Option(
        names = "--kind",
        description = "Only this kind: PERMANENT, EXHAUSTED.",
        paramLabel = "KIND")
    private String kind;
  }

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    try (GatewayClient client = gateway.client()) {
      int retried =
          client.retry(
              Optional.ofNullable(which.sweep), filters(), System.getProperty("user.name"));
      record Retried(int retried) {}
      out.println(
          json
              ? Json.indented(new Retried(retried))
              : retried == 0
                  ? "nothing failed that could be tried again"
                  : Numbers.count(retried, "unit")
                      + (retried == 1 ? " is" : " are")
                      + " tried again");
    }
  }

  private Map<String, String> filters() {
    Map<String, String> filters = new TreeMap<>();
    put(filters, "failure", which.failure);
    if (which.matching != null) {
      put(filters, "model", which.matching.model);
      put(filters, "task", which.matching.task);
      put(filters, "kind", which.matching.kind);
    }
    return filters;
  }

  private static void put(Map<String, String> filters, String name, String value) {
    if (value != null) {
      filters.put(name, value);
    }
  }
}
