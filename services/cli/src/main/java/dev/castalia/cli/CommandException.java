package dev.castalia.cli;

/**
 * A command could not do what it was asked to. The message is one line for the person who asked:
 * what was wrong, with what value, and what to do.
 */
public class CommandException extends RuntimeException {

  public CommandException(String message) {
    super(message);
  }

  public CommandException(String message, Throwable cause) {
    super(message, cause);
  }
}
