package dev.castalia.cli.command;

import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.progress.SweepWatch;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows how far a sweep is. */
@Command(
    name = "watch",
    description = {
      "Shows a sweep's progress until it is done.",
      "Ends with 0 when everything is scored, with 1 when something failed or the sweep was"
          + " cancelled."
    })
public final class WatchCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private GatewayOption gateway;

  @Parameters(paramLabel = "SWEEP", description = "Id of the sweep.")
  private String sweep;

  @Option(names = "--json", description = "Print every change as a line of JSON.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    try (GatewayClient client = gateway.client()) {
      return new Watching(spec, json).watch(new SweepWatch(client, sweep));
    }
  }
}
