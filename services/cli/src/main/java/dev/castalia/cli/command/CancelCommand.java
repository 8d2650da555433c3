package dev.castalia.cli.command;

import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.Json;
import dev.castalia.cli.gateway.Sweep;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Calls a sweep off. */
@Command(
    name = "cancel",
    description =
        "Calls a sweep off: what was not issued is dropped; what runs may finish, and counts for"
            + " whoever else wants it.")
public final class CancelCommand implements Runnable {

  @Spec private CommandSpec spec;
  @Mixin private GatewayOption gateway;

  @Parameters(paramLabel = "SWEEP", description = "Id of the sweep.")
  private String sweep;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    try (GatewayClient client = gateway.client()) {
      Sweep cancelled = client.cancelSweep(sweep, System.getProperty("user.name"));
      out.println(
          json
              ? Json.indented(cancelled)
              : "sweep %s is cancelled; %d of %d units were done"
                  .formatted(
                      cancelled.sweep(),
                      cancelled.progress().done(),
                      cancelled.progress().planned()));
    }
  }
}
