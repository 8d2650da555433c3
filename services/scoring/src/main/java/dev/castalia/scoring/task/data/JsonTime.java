package dev.castalia.scoring.task.data;

import dev.castalia.scoring.TaskException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts that pyarrow's reader of JSON takes for times: of a whole second, in UTC. */
final class JsonTime {

  private static final Pattern TIME =
      Pattern.compile(
          "(\\d{4})-(\\d\\d)-(\\d\\d)(?:[ T](\\d\\d)(?::(\\d\\d)(?::(\\d\\d))?)?"
              + "(?:Z|([+-])([01]\\d|2[0-3])(?::?([0-5]\\d))?)?)?");

  private JsonTime() {}

  static boolean is(String text) {
    return parsed(text).isPresent();
  }

  /**
   * @param text one that {@link #is} a time
   * @throws TaskException if Python has no such time, so that the harness ends at the document
   */
  static LocalDateTime of(String text) {
    return parsed(text)
        .filter(time -> time.getYear() >= 1 && time.getYear() <= 9999)
        .orElseThrow(
            () ->
                new TaskException(
                    "'%s', in a column of times, is not within Python's years 1 to 9999; correct the data"
                        .formatted(text)));
  }

  private static Optional<LocalDateTime> parsed(String text) {
    Matcher parts = TIME.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    int offset = 60 * number(parts, 8) + number(parts, 9);
    try {
      return Optional.of(
          LocalDateTime.of(
                  number(parts, 1),
                  number(parts, 2),
                  number(parts, 3),
                  number(parts, 4),
                  number(parts, 5),
                  number(parts, 6))
              .minusMinutes("-".equals(parts.group(7)) ? -offset : offset));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static int number(Matcher parts, int group) {
    return parts.group(group) == null ? 0 : Integer.parseInt(parts.group(group));
  }
}
