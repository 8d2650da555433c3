package dev.castalia.scoring.template;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Values as Python writes them: task templates are Jinja, and Jinja's output is Python's. */
public final class PythonText {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

  private PythonText() {}

  /** {@code str(value)}. */
  public static String str(Object value) {
    return switch (value) {
      case CharSequence text -> text.toString();
      case LocalDateTime time -> TIME.format(time);
      case null, default -> repr(value);
    };
  }

  /** {@code text.capitalize()}. */
  public static String capitalized(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int second = text.offsetByCodePoints(0, 1);
    return titled(text.substring(0, second)) + text.substring(second).toLowerCase(Locale.ROOT);
  }

  /** One character as it begins a title; of those that become several, only the first is large. */
  private static String titled(String character) {
    String large = character.toUpperCase(Locale.ROOT);
    int second = large.offsetByCodePoints(0, 1);
    return second == large.length()
        ? Character.toString(Character.toTitleCase(character.codePointAt(0)))
        : large.substring(0, second) + large.substring(second).toLowerCase(Locale.ROOT);
  }

  /** {@code repr(value)}. */
  public static String repr(Object value) {
    return Budget.made(written(value));
  }

  private static String written(Object value) {
    return switch (value) {
      case null -> "None";
      case CharSequence text -> quoted(text.toString());
      case Boolean truth -> truth ? "True" : "False";
      case Double real -> real(real);
      case Float real -> real(real.doubleValue());
      case LocalDateTime time -> datetime(time);
      case Function function ->
          throw new TemplateException("a function has no text; call it with '()'");
      case Loop loop -> throw new TemplateException("a loop has no text");
      case Tuple tuple -> tuple.toString();
      case Sequence sequence -> sequence.toString();
      case Collection<?> items ->
          items.stream().map(PythonText::repr).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> repr(entry.getKey()) + ": " + repr(entry.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      default -> value.toString();
    };
  }

  private static String real(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = digits.precision() - digits.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = digits.toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    String unscaled = digits.unscaledValue().abs().toString();
    String mantissa =
        unscaled.length() == 1 ? unscaled : unscaled.charAt(0) + "." + unscaled.substring(1);
    return String.format(
        Locale.ROOT,
        "%s%se%s%02d",
        value < 0 ? "-" : "",
        mantissa,
        exponent < 0 ? "-" : "+",
        Math.abs(exponent));
  }

  private static String datetime(LocalDateTime time) {
    IntStream toTheMinute =
        IntStream.of(
            time.getYear(),
            time.getMonthValue(),
            time.getDayOfMonth(),
            time.getHour(),
            time.getMinute());
    IntStream seconds = time.getSecond() == 0 ? IntStream.empty() : IntStream.of(time.getSecond());
    return IntStream.concat(toTheMinute, seconds)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", "datetime.datetime(", ")"));
  }

  private static String quoted(String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder out = new StringBuilder().append(quote);
    text.codePoints().forEach(point -> append(out, point, quote));
    return out.append(quote).toString();
  }

  private static void append(StringBuilder out, int point, char quote) {
    switch (point) {
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (point == quote) {
          out.append('\\').append(quote);
        } else if (printable(point)) {
          out.appendCodePoint(point);
        } else if (point < 0x100) {
          out.append("\\x%02x".formatted(point));
        } else if (point < 0x10000) {
          out.append("\\u%04x".formatted(point));
        } else {
          out.append("\\U%08x".formatted(point));
        }
      }
    }
  }

  /** As {@code str.isprintable}: no controls, formats, surrogates, separators but the space. */
  private static boolean printable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> point == ' ';
      default -> true;
    };
  }
}
