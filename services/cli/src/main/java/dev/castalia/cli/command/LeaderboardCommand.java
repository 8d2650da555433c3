package dev.castalia.cli.command;

import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.GroupLeaderboard;
import dev.castalia.cli.gateway.Json;
import dev.castalia.cli.gateway.Leaderboard;
import dev.castalia.cli.text.Boards;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows a task's ranking. */
@Command(name = "leaderboard", description = "Shows which checkpoints do best on a task.")
public final class LeaderboardCommand implements Runnable {

  private static final int MOST = 1000;

  @Spec private CommandSpec spec;
  @Mixin private GatewayOption gateway;

  @Parameters(paramLabel = "TASK", description = "Name of the task.")
  private String task;

  @Option(names = "--metric", description = "What ranks; the task's main metric unless given.")
  private String metric;

  @Option(
      names = "--shots",
      paramLabel = "K",
      description = "Few-shot examples; the task's own number unless given.")
  private Integer shots;

  @Option(
      names = "--dtype",
      description = "Precision computed in; float32 unless given, which a group's is always.")
  private String dtype;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "Entries at most, 1 to 1000; ${DEFAULT-VALUE} unless given.")
  private int limit;

  @Option(names = "--model", paramLabel = "GLOB", description = "Only these, with * and ?.")
  private String model;

  @Option(
      names = "--source",
      paramLabel = "NAME",
      description =
          "Who measured: a source of reported scores, or castalia; Castalia unless given, or the"
              + " first source where it has not.")
  private String source;

  @Option(names = "--best", description = "Only the best checkpoint of each model.")
  private boolean best;

  @Option(
      names = "--group",
      description = "TASK is a tag of tasks: rank by the mean over them, acc unless --metric.")
  private boolean group;

  @Option(names = "--json", description = "Print the board as JSON.")
  private boolean json;

  @Override
  public void run() {
    if (limit < 1 || limit > MOST) {
      throw new ParameterException(
          spec.commandLine(), "--limit is %d: give 1 to %d".formatted(limit, MOST));
    }
    if (group && dtype != null) {
      throw new ParameterException(
          spec.commandLine(), "--dtype is of one task's board: leave it or --group out");
    }
    PrintWriter out = spec.commandLine().getOut();
    try (GatewayClient client = gateway.client()) {
      if (group) {
        GroupLeaderboard board = client.groupLeaderboard(task, limit, filter());
        if (json) {
          out.println(Json.indented(board));
        } else {
          Boards.print(board, out);
        }
        return;
      }
      Leaderboard board = client.leaderboard(task, limit, filter());
      if (json) {
        out.println(Json.indented(board));
      } else {
        Boards.print(board, out);
      }
    }
  }

  private Map<String, String> filter() {
    Map<String, String> filter = new LinkedHashMap<>();
    if (metric != null) {
      filter.put("metric", metric);
    }
    if (shots != null) {
      filter.put("shots", shots.toString());
    }
    if (dtype != null) {
      filter.put("dtype", dtype);
    }
    if (model != null) {
      filter.put("model", model);
    }
    if (source != null) {
      filter.put("source", source);
    }
    if (best) {
      filter.put("best", "true");
    }
    return filter;
  }
}
