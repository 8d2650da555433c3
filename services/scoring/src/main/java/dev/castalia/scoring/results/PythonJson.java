package dev.castalia.scoring.results;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.castalia.scoring.template.PythonText;
import java.io.IOException;
import java.time.LocalDateTime;

/**
 * JSON laid out as Python's {@code json.dumps(…, ensure_ascii=False)} does, but for numbers that
 * are not finite: those are null, since JSON has no word for them and readers other than Python's
 * refuse the one Python writes.
 */
final class PythonJson {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(
              new SimpleModule()
                  .addSerializer(Double.class, new FiniteOrNull())
                  .addSerializer(LocalDateTime.class, new AsText()));
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

  private static final class FiniteOrNull extends StdSerializer<Double> {

    private static final long serialVersionUID = 1;

    FiniteOrNull() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      if (Double.isFinite(value)) {
        json.writeNumber(value);
      } else {
        json.writeNull();
      }
    }
  }

  /** The harness writes what JSON has no word for as {@code str(value)}. */
  private static final class AsText extends StdSerializer<LocalDateTime> {

    private static final long serialVersionUID = 1;

    AsText() {
      super(LocalDateTime.class);
    }

    @Override
    public void serialize(LocalDateTime value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(PythonText.str(value));
    }
  }

  private static String write(Object value, DefaultPrettyPrinter printer) {
    try {
      return JSON.writer(printer).writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + value, e);
    }
  }
}
