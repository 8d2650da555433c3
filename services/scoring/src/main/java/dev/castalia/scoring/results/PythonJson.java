package dev.castalia.scoring.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;

/** JSON laid out as Python's {@code json.dumps(…, ensure_ascii=False)} does. */
final class PythonJson {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DefaultIndenter BY_TWO = new DefaultIndenter("  ", "\n");
  private static final Separators SEPARATORS =
      Separators.createDefaultInstance()
          .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
          .withArrayEmptySeparator("")
          .withObjectEmptySeparator("");

  private PythonJson() {}

  /** With {@code indent=2}. */
  static String indented(Object value) {
    return write(
        value,
        new DefaultPrettyPrinter(SEPARATORS).withObjectIndenter(BY_TWO).withArrayIndenter(BY_TWO));
  }

  /** On one line. */
  static String line(Object value) {
    Separators spaced =
        SEPARATORS
            .withObjectEntrySpacing(Separators.Spacing.AFTER)
            .withArrayValueSpacing(Separators.Spacing.AFTER);
    DefaultPrettyPrinter.NopIndenter none = DefaultPrettyPrinter.NopIndenter.instance;
    return write(
        value, new DefaultPrettyPrinter(spaced).withObjectIndenter(none).withArrayIndenter(none));
  }

  private static String write(Object value, DefaultPrettyPrinter printer) {
    try {
      return JSON.writer(printer).writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + value, e);
    }
  }
}
