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

/** Puts failures away. */
@Command(
    name = "dismiss",
    description =
        "Puts failures away that nobody will mend: they are shown and retried no more. Tell which:"
            + " one by its key, those of a sweep, those that match, or all. A unit still counts as"
            + " failed in its sweeps' progress, and is shown again if it fails again; a new sweep"
            + " tries it again. For operators.")
public final class DismissCommand implements Runnable {

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
      int dismissed =
          client.dismiss(which.sweep(), which.filters(), System.getProperty("user.name"));
      record Dismissed(int dismissed) {}
      out.println(
          json
              ? Json.indented(new Dismissed(dismissed))
              : dismissed == 0
                  ? "nothing failed that could be put away"
                  : Numbers.count(dismissed, "failure")
                      + (dismissed == 1 ? " is" : " are")
                      + " put away");
    }
  }
}
