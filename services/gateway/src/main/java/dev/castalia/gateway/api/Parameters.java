package dev.castalia.gateway.api;

import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.topology.StepSelection;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.function.LongPredicate;

/** Reads query parameters, and says what is wrong with one. */
public final class Parameters {

  private Parameters() {}

  /**
   * @throws ProblemException if the text is no whole number in that range
   */
  public static long number(String name, String text, long least, long most) {
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number out of range.
    }
    throw ProblemException.badRequest(
        "%s is \"%s\": give a whole number from %d to %d.".formatted(name, text, least, most));
  }

  /** The number, or null where there is no text. */
  public static Long numberOrNull(String name, String text, long least, long most) {
    return text == null ? null : number(name, text, least, most);
  }

  /**
   * The time, or null where there is no text.
   *
   * @throws ProblemException if the text is no time
   */
  public static Instant timeOrNull(String name, String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw ProblemException.badRequest(
          "%s is \"%s\": give a time, such as 2026-07-13T10:15:30Z.".formatted(name, text));
    }
  }

  /**
   * @throws ProblemException if the text is neither true nor false
   */
  public static boolean flag(String name, String text) {
    return switch (text) {
      case null -> false;
      case "true", "" -> true;
      case "false" -> false;
      default ->
          throw ProblemException.badRequest(
              "%s is \"%s\": give true or false.".formatted(name, text));
    };
  }

  /** The selected steps; all where there is no text. */
  public static LongPredicate steps(String text) {
    if (text == null) {
      return step -> true;
    }
    try {
      return StepSelection.parse(text)::contains;
    } catch (IllegalArgumentException e) {
      throw ProblemException.badRequest("steps: " + e.getMessage() + ".");
    }
  }
}
