package dev.castalia.cli.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.regex.Pattern;

/** How the command line reads and writes JSON. */
public final class Json {

  /** A newer gateway may say more than is understood here. */
  static final ObjectMapper MAPPER =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** Control characters that JSON need not escape, but that no terminal is given as they are. */
  private static final Pattern CONTROL = Pattern.compile("[\\x7f-\\x9f]");

  private Json() {}

  /** The value on one line. */
  public static String line(Object value) {
    try {
      return escaped(MAPPER.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a result cannot be written as JSON", e);
    }
  }

  /** The value on indented lines. */
  public static String indented(Object value) {
    try {
      return escaped(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a result cannot be written as JSON", e);
    }
  }

  private static String escaped(String json) {
    return CONTROL
        .matcher(json)
        .replaceAll(it -> "\\\\u%04x".formatted(json.codePointAt(it.start())));
  }
}
