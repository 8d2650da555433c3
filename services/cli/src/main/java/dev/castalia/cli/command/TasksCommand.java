package dev.castalia.cli.command;

import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.Json;
import dev.castalia.cli.gateway.MetricEntry;
import dev.castalia.cli.gateway.TaskEntry;
import dev.castalia.cli.text.Table;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the tasks. */
@Command(name = "tasks", description = "Lists the tasks that checkpoints can be evaluated on.")
public final class TasksCommand implements Runnable {

  @Spec private CommandSpec spec;
  @Mixin private GatewayOption gateway;

  @Parameters(
      paramLabel = "GLOB",
      arity = "0..1",
      defaultValue = "*",
      description = "Only these, with * and ?.")
  private String glob;

  @Option(names = "--json", description = "Print the tasks as JSON.")
  private boolean json;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    try (GatewayClient client = gateway.client()) {
      List<TaskEntry> tasks = client.tasks(Map.of("task", glob));
      if (json) {
        record Tasks(List<TaskEntry> tasks) {}
        out.println(Json.indented(new Tasks(tasks)));
        return;
      }
      Table table = new Table("task", "language", "output type", ">shots", ">documents", "metrics");
      for (TaskEntry task : tasks) {
        table.row(
            task.task(),
            task.language(),
            task.outputType(),
            task.shots(),
            task.documents(),
            task.metrics().stream().map(MetricEntry::metric).collect(Collectors.joining(", ")));
      }
      table.lines().forEach(out::println);
    }
  }
}
