package dev.castalia.cli.command;

import dev.castalia.cli.CommandException;
import dev.castalia.cli.chaos.ChaosRun;
import dev.castalia.cli.chaos.ChaosRun.Round;
import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.text.Numbers;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Kills, restarts and pauses a cluster's parts, and looks whether anything is lost. */
@Command(
    name = "chaos",
    description = {
      "Starts a mesh on this machine, then kills, restarts and pauses its parts at random while"
          + " sweeps run.",
      "After each sweep every scorecard is compared with that of an undisturbed run, each unit must"
          + " count once and the progress add up; the first sweep of which that is not so ends it."
    })
public final class ChaosCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ClusterMixin options;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      defaultValue = "10",
      description = "Begin no further sweep after so long; ${DEFAULT-VALUE} unless given.")
  private int minutes;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "What is drawn in the first sweep, one more in each next; random unless given.")
  private Long seed;

  @Override
  public Integer call() throws InterruptedException {
    Options.atLeast(spec, "--minutes", minutes, 1);
    PrintWriter out = spec.commandLine().getOut();
    long next = seed == null ? new Random().nextInt(1_000_000) : seed;
    try (LocalCluster cluster = options.start(ChaosRun.LOCK, false);
        ChaosRun chaos =
            new ChaosRun(
                cluster,
                line -> {
                  out.println("  " + line);
                  out.flush();
                })) {
      Instant begun = Instant.now();
      Instant end = begun.plus(Duration.ofMinutes(minutes));
      int sweeps = 0;
      int faults = 0;
      int units = 0;
      do {
        out.println("seed " + next);
        Round round = chaos.round(next++);
        out.println(round);
        out.flush();
        if (!round.violations().isEmpty()) {
          throw new CommandException(String.join(System.lineSeparator(), round.violations()));
        }
        sweeps++;
        faults += round.faults();
        units += round.units();
      } while (Instant.now().isBefore(end));
      out.printf(
          "%s, %s, %s in %.1f min, nothing lost%n",
          Numbers.count(sweeps, "sweep"),
          Numbers.count(units, "unit"),
          Numbers.count(faults, "fault"),
          Duration.between(begun, Instant.now()).toSeconds() / 60.0);
    }
    return 0;
  }
}
