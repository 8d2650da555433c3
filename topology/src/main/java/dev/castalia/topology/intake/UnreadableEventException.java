package dev.castalia.topology.intake;

/** A record that means nothing and never will. The message says why, with the value at fault. */
final class UnreadableEventException extends Exception {

  UnreadableEventException(String message) {
    super(message);
  }

  UnreadableEventException(String message, Throwable cause) {
    super(message, cause);
  }
}
