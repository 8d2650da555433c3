package dev.castalia.cli.command;

import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.Json;
import dev.castalia.cli.gateway.TrajectoryEntry;
import dev.castalia.cli.text.Boards;
import dev.castalia.cli.text.Numbers;
import dev.castalia.cli.text.Table;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows how scores move while a model trains. */
@Command(
    name = "trajectory",
    description = "Shows how a model's scores on a task move from checkpoint to checkpoint.")
public final class TrajectoryCommand implements Runnable {

  @Spec private CommandSpec spec;
  @Mixin private GatewayOption gateway;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "The run, or a pattern with * and ?.")
  private String model;

  @Parameters(index = "1", paramLabel = "TASK", description = "Name of the task.")
  private String task;

  @Option(names = "--metric", description = "Only this metric; all of the task unless given.")
  private String metric;

  @Option(
      names = "--source",
      paramLabel = "NAME",
      description = "Who measured: a source of reported scores, or castalia; all unless given.")
  private String source;

  @Option(names = "--json", description = "Print the trajectories as JSON.")
  private boolean json;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    try (GatewayClient client = gateway.client()) {
      List<TrajectoryEntry> trajectories = client.trajectories(filter());
      if (json) {
        record Trajectories(List<TrajectoryEntry> trajectories) {}
        out.println(Json.indented(new Trajectories(trajectories)));
      } else if (trajectories.isEmpty()) {
        out.printf(
            "nothing is scored of %s on %s%s%s%n",
            model, task, metric == null ? "" : ", " + metric, by(source));
      } else {
        print(trajectories, out);
      }
    }
  }

  private Map<String, String> filter() {
    Map<String, String> filter = new LinkedHashMap<>();
    filter.put("model", model);
    filter.put("task", task);
    if (metric != null) {
      filter.put("metric", metric);
    }
    if (source != null) {
      filter.put("source", source);
    }
    return filter;
  }

  private static void print(List<TrajectoryEntry> trajectories, PrintWriter out) {
    String gap = "";
    for (TrajectoryEntry trajectory : trajectories) {
      out.print(gap);
      out.println(title(trajectory));
      Table table = new Table(">step", "revision", trajectory.metric().metric(), ">documents");
      for (TrajectoryEntry.Point point : trajectory.points()) {
        table.row(
            point.step(),
            point.revision(),
            Numbers.withError(point.value(), point.notFinite(), point.stderr()),
            point.ofDocuments() == 0 ? "" : point.documents() + "/" + point.ofDocuments());
      }
      table.lines().forEach(out::println);
      gap = System.lineSeparator();
    }
  }

  private static String title(TrajectoryEntry trajectory) {
    return "%s on %s, %d-shot%s%s"
        .formatted(
            trajectory.model(),
            trajectory.task(),
            trajectory.shots(),
            Boards.precision(trajectory.dtype()),
            by(trajectory.source()));
  }

  private static String by(String source) {
    return source == null ? "" : ", by " + source;
  }
}
