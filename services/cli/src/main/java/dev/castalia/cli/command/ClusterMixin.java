package dev.castalia.cli.command;

import dev.castalia.cli.cluster.ClusterOptions;
import dev.castalia.cli.cluster.Installation;
import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.text.Numbers;
import dev.castalia.schemas.ClusterSetup;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What {@code up}, {@code demo} and {@code chaos} have in common: a cluster on this machine. */
final class ClusterMixin {

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--scorers",
      paramLabel = "N",
      defaultValue = "2",
      description = "Scorers to start; ${DEFAULT-VALUE} unless given.")
  private int scorers;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keep topics and schemas here over restarts; nothing is kept unless given.")
  private Path data;

  @Option(
      names = "--port",
      paramLabel = "P",
      defaultValue = "" + ClusterOptions.DEFAULT_PORT,
      description = "The gateway's port, or the next free one; ${DEFAULT-VALUE} unless given.")
  private int port;

  /** Starts the cluster; what happens to its parts is printed to the error output. */
  LocalCluster start() {
    return start(ClusterSetup.DEFAULT_LOCK, false);
  }

  /**
   * @param lock how long a scorer may hold a request between two renewals
   * @param shortLived whether it is for minutes rather than hours
   */
  LocalCluster start(Duration lock, boolean shortLived) {
    if (scorers < 0 || scorers > 64) {
      throw new ParameterException(
          spec.commandLine(), "--scorers is " + scorers + ": give 0 to 64");
    }
    if (port < 0 || port > 65535) {
      throw new ParameterException(spec.commandLine(), "--port is " + port + ": give 0 to 65535");
    }
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        "Starting broker, registry, aggregator, gateway and %s…%n",
        Numbers.count(scorers, "scorer"));
    err.flush();
    return LocalCluster.start(
        Installation.find(),
        new ClusterOptions(scorers, 1, Optional.ofNullable(data), port, lock, Map.of(), shortLived),
        line -> {
          err.println(line);
          err.flush();
        });
  }
}
