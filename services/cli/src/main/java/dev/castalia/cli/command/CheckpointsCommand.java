package dev.castalia.cli.command;

import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.Json;
import dev.castalia.cli.text.Numbers;
import dev.castalia.cli.text.Table;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the checkpoints. */
@Command(
    name = "checkpoints",
    description = "Lists the checkpoints, those that are retired among them.")
public final class CheckpointsCommand implements Runnable {

  @Spec private CommandSpec spec;
  @Mixin private GatewayOption gateway;

  @Parameters(
      paramLabel = "GLOB",
      arity = "0..1",
      defaultValue = "*",
      description = "Only of these models, with * and ?.")
  private String glob;

  @Option(names = "--json", description = "Print the checkpoints as JSON.")
  private boolean json;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    try (GatewayClient client = gateway.client()) {
      List<CheckpointEntry> checkpoints = client.checkpoints(Map.of("model", glob));
      if (json) {
        record Checkpoints(List<CheckpointEntry> checkpoints) {}
        out.println(Json.indented(new Checkpoints(checkpoints)));
        return;
      }
      Table table =
          new Table(
              "model", "revision", ">step", ">tokens", ">parameters", "variant", "language", "");
      for (CheckpointEntry checkpoint : checkpoints) {
        table.row(
            checkpoint.model(),
            checkpoint.revision(),
            checkpoint.step(),
            Numbers.amount(checkpoint.tokensSeen()),
            Numbers.amount(checkpoint.parameters()),
            checkpoint.variant(),
            checkpoint.language(),
            checkpoint.retired() ? "retired" : "");
      }
      table.lines().forEach(out::println);
    }
  }
}
