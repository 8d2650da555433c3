package dev.castalia.cli.cluster;

import dev.castalia.cli.CommandException;

/** The cluster cannot start, or cannot go on. */
public final class ClusterException extends CommandException {

  public ClusterException(String message) {
    super(message);
  }

  ClusterException(String message, Throwable cause) {
    super(message, cause);
  }
}
