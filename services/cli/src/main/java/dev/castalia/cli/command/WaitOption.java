package dev.castalia.cli.command;

import dev.castalia.cli.CastaliaCommand;
import dev.castalia.cli.gateway.FindingsPending;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.progress.ProgressDisplay;
import dev.castalia.cli.progress.Work;
import dev.castalia.cli.report.CatchingUp;
import dev.castalia.cli.text.Numbers;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How long findings may take to hold all scores. */
final class WaitOption {

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "How long to wait at most for findings of scores that have come in, which takes seconds"
              + " after an import; ${DEFAULT-VALUE} unless given. What is missing then is said.")
  private int seconds;

  /**
   * Returns when the findings hold all scores, or when the time is over.
   *
   * @return what is missing
   * @throws ParameterException if the time is negative
   */
  FindingsPending await(GatewayClient client) throws InterruptedException {
    if (seconds < 0) {
      throw new ParameterException(spec.commandLine(), "--wait: give 0 or more seconds");
    }
    ProgressDisplay display =
        new ProgressDisplay(
            spec.commandLine().getErr(), CastaliaCommand.screen(spec), "scores and changes");
    long[] most = new long[1];
    return CatchingUp.await(
        client::findingsPending,
        Duration.ofSeconds(seconds),
        pending -> {
          most[0] = Math.max(most[0], pending.total());
          display.update(
              new Work(
                  "findings",
                  new Work.Count(most[0], most[0] - pending.total(), 0),
                  List.of(),
                  null));
        });
  }

  /** Waits, and says on the error stream what is missing when the time is over. */
  void awaitOrWarn(GatewayClient client) throws InterruptedException {
    FindingsPending pending = await(client);
    if (!pending.complete()) {
      spec.commandLine()
          .getErr()
          .printf(
              "The findings do not hold everything yet: %s and %s are to come; give --wait more"
                  + " seconds%n",
              Numbers.count(pending.scores(), "score"),
              Numbers.count(pending.events() + pending.changes(), "change"));
    }
  }
}
