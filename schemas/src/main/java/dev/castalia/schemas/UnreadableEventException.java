package dev.castalia.schemas;

/** A record that means nothing and never will. The message says why, with the value at fault. */
public final class UnreadableEventException extends Exception {

  public UnreadableEventException(String message) {
    super(message);
  }

  public UnreadableEventException(String message, Throwable cause) {
    super(message, cause);
  }
}
