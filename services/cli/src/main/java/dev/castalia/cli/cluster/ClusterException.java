package dev.castalia.cli.cluster;

/** The cluster cannot start, or cannot go on. The message is for the person who started it. */
public final class ClusterException extends RuntimeException {

  ClusterException(String message) {
    super(message);
  }

  ClusterException(String message, Throwable cause) {
    super(message, cause);
  }
}
