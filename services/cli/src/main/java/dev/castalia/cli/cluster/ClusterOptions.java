package dev.castalia.cli.cluster;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a cluster consists of.
 *
 * @param scorers scorers to start with, at least 0
 * @param data folder that keeps topics and schemas over restarts; empty for a temporary one
 * @param gatewayPort port wanted for the gateway; the next free one is taken when it is not; 0 for
 *     any
 * @param services false for broker and registry alone
 */
public record ClusterOptions(int scorers, Optional<Path> data, int gatewayPort, boolean services) {

  public static final int DEFAULT_PORT = 8080;

  /** The whole mesh, nothing kept, the gateway on any port. */
  public static ClusterOptions withScorers(int scorers) {
    return new ClusterOptions(scorers, Optional.empty(), 0, true);
  }

  /** Broker and registry alone, nothing kept. */
  public static ClusterOptions bare() {
    return new ClusterOptions(0, Optional.empty(), 0, false);
  }

  public ClusterOptions withData(Path folder) {
    return new ClusterOptions(scorers, Optional.of(folder), gatewayPort, services);
  }
}
