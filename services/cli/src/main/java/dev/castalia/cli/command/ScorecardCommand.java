package dev.castalia.cli.command;

import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.Json;
import dev.castalia.cli.gateway.Scorecard;
import dev.castalia.cli.text.Numbers;
import dev.castalia.cli.text.Table;
import java.io.PrintWriter;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what a checkpoint scores. */
@Command(name = "scorecard", description = "Shows a checkpoint's scores on all tasks.")
public final class ScorecardCommand implements Runnable {

  @Spec private CommandSpec spec;
  @Mixin private GatewayOption gateway;

  @Parameters(paramLabel = "MODEL@REVISION", description = "Such as nano-74k@step512.")
  private String checkpoint;

  @Option(names = "--json", description = "Print the scorecard as JSON.")
  private boolean json;

  @Override
  public void run() {
    if (!checkpoint.matches("[^@]+@[^@]+")) {
      throw new ParameterException(
          spec.commandLine(),
          "'" + checkpoint + "' is not a checkpoint: give MODEL@REVISION, as nano-74k@step512");
    }
    PrintWriter out = spec.commandLine().getOut();
    try (GatewayClient client = gateway.client()) {
      Scorecard card = client.scorecard(checkpoint);
      if (json) {
        out.println(Json.indented(card));
      } else {
        print(card, out);
      }
    }
  }

  private static void print(Scorecard card, PrintWriter out) {
    out.printf("%s@%s, step %d%n", card.model(), card.revision(), card.step());
    if (card.tasks().isEmpty()) {
      out.println("nothing is scored yet");
      return;
    }
    card.tasks().values().stream()
        .map(Scorecard.TaskScore::replaced)
        .filter(Objects::nonNull)
        .findFirst()
        .ifPresent(
            before ->
                out.println(
                    "its weights changed: what follows was scored anew, the scores of "
                        + before
                        + " are gone"));
    Table table = new Table("task", ">documents", "metric", "value");
    card.tasks()
        .forEach(
            (task, score) ->
                score
                    .metrics()
                    .forEach(
                        (metric, value) ->
                            table.row(
                                score.scoredAs() == null
                                    ? task
                                    : task + " (the weights of " + score.scoredAs() + ")",
                                score.documents(),
                                metric,
                                Numbers.withError(
                                    value.value(), value.notFinite(), value.stderr()))));
    table.lines().forEach(out::println);
  }
}
