package dev.castalia.cli.command;

import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.Json;
import dev.castalia.cli.text.Numbers;
import java.io.PrintWriter;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
  private FailureChoice which;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    try (GatewayClient client = gateway.client()) {
      int retried = client.retry(which.sweep(), which.filters(), System.getProperty("user.name"));
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
}
