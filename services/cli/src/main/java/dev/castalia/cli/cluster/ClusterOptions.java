package dev.castalia.cli.cluster;

import dev.castalia.schemas.ClusterSetup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What a cluster consists of.
 *
 * @param scorers scorers to start with, at least 0
 * @param aggregators aggregators that share the partitions; with none, broker and registry run
 *     alone
 * @param data folder that keeps topics and schemas over restarts; empty for a temporary one
 * @param gatewayPort port wanted for the gateway; the next free one is taken when it is not; 0 for
 *     any
 * @param lock how long a scorer may hold a request between two renewals, at least 1 s
 * @param settings of every service, besides those that make it part of the cluster
 * @param shortLived whether it is for minutes rather than hours: its code is then compiled quickly
 *     rather than well
 */
public record ClusterOptions(
    int scorers,
    int aggregators,
    Optional<Path> data,
    int gatewayPort,
    Duration lock,
    Map<String, String> settings,
    boolean shortLived) {

  public static final int DEFAULT_PORT = 8080;

  /** The whole mesh, nothing kept, the gateway on any port. */
  public static ClusterOptions withScorers(int scorers) {
    return new ClusterOptions(
        scorers, 1, Optional.empty(), 0, ClusterSetup.DEFAULT_LOCK, Map.of(), false);
  }

  /** Broker and registry alone, nothing kept. */
  public static ClusterOptions bare() {
    return withScorers(0).withAggregators(0);
  }

  public ClusterOptions withAggregators(int number) {
    return new ClusterOptions(scorers, number, data, gatewayPort, lock, settings, shortLived);
  }

  public ClusterOptions withData(Path folder) {
    return new ClusterOptions(
        scorers, aggregators, Optional.of(folder), gatewayPort, lock, settings, shortLived);
  }

  public ClusterOptions withLock(Duration time) {
    return new ClusterOptions(scorers, aggregators, data, gatewayPort, time, settings, shortLived);
  }

  public ClusterOptions withSettings(Map<String, String> more) {
    return new ClusterOptions(scorers, aggregators, data, gatewayPort, lock, more, shortLived);
  }

  public ClusterOptions forMinutes() {
    return new ClusterOptions(scorers, aggregators, data, gatewayPort, lock, settings, true);
  }
}
