package dev.castalia.cli.harness;

/** A file from which no results can be imported; the message says why, without the file's name. */
public final class UnreadableResultsException extends Exception {

  private static final long serialVersionUID = 1;

  UnreadableResultsException(String message) {
    super(message);
  }

  UnreadableResultsException(String message, Throwable cause) {
    super(message, cause);
  }
}
