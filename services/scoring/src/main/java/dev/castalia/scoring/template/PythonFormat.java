package dev.castalia.scoring.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The plainest of Python's two ways to format: {@code %s %r %d %i %.2f %%}, and {@code {}}. */
final class PythonFormat {

  private static final Pattern PERCENT = Pattern.compile("%(?:\\.(\\d{1,3}))?(.?)", Pattern.DOTALL);
  private static final Pattern BRACES = Pattern.compile("\\{\\{|}}|\\{(\\w*)}|[{}]");
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final int DIGITS = 6;

  private PythonFormat() {}

  static String percent(String format, List<?> values) {
    Iterator<?> left = values.iterator();
    StringBuilder out = new StringBuilder();
    Matcher matcher = PERCENT.matcher(format);
    while (matcher.find()) {
      String replacement;
      if (matcher.group().equals("%%")) {
        replacement = "%";
      } else if (!left.hasNext()) {
        throw new TemplateException("the format '" + format + "' has too few values");
      } else {
        replacement = percent(format, matcher, left.next());
      }
      matcher.appendReplacement(out, Matcher.quoteReplacement(replacement));
      Budget.bounded(out);
    }
    if (left.hasNext()) {
      throw new TemplateException("the format '" + format + "' has too many values");
    }
    return matcher.appendTail(out).toString();
  }

  private static String percent(String format, Matcher matcher, Object value) {
    String kind = matcher.group(2);
    if (matcher.group(1) != null && !kind.equals("f")) {
      throw unsupported(format, matcher.group(), value);
    }
    boolean number = PythonValues.isNumber(PythonValues.defined(value));
    return switch (kind) {
      case "s" -> PythonValues.text(value);
      case "r" -> PythonText.repr(value);
      case "d", "i" -> {
        if (!number || !Double.isFinite(PythonValues.real(value)) && PythonValues.isReal(value)) {
          throw unsupported(format, matcher.group(), value);
        }
        yield PythonValues.isReal(value)
            ? new BigDecimal(PythonValues.real(value)).toBigInteger().toString()
            : PythonValues.whole(value).toString();
      }
      case "f" -> {
        if (!number) {
          throw unsupported(format, matcher.group(), value);
        }
        String digits = matcher.group(1);
        yield fixed(PythonValues.real(value), digits == null ? DIGITS : Integer.parseInt(digits));
      }
      default -> throw unsupported(format, matcher.group(), value);
    };
  }

  private static TemplateException unsupported(String format, String part, Object value) {
    return TemplateException.unsupported(
        "'%s' in the format '%s' for a value of type %s"
            .formatted(part, format, PythonValues.typeOf(value)));
  }

  private static String fixed(double value, int digits) {
    return Double.isFinite(value)
        ? new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString()
        : PythonText.repr(value);
  }

  /** {@code format.format(…)}. */
  static String braces(String format, Arguments arguments) {
    StringBuilder out = new StringBuilder();
    Matcher matcher = BRACES.matcher(format);
    int next = 0;
    while (matcher.find()) {
      String replacement;
      String name = matcher.group(1);
      if (matcher.group().equals("{{") || matcher.group().equals("}}")) {
        replacement = matcher.group().substring(1);
      } else if (name == null) {
        throw TemplateException.unsupported("the format '" + format + "'");
      } else if (name.isEmpty() || NUMBER.matcher(name).matches()) {
        // More digits than that are more values than there are.
        int index =
            name.isEmpty()
                ? next++
                : name.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(name);
        if (index >= arguments.positional().size()) {
          throw new TemplateException("the format '" + format + "' has too few values");
        }
        replacement = PythonValues.text(arguments.positional().get(index));
      } else if (arguments.named().containsKey(name)) {
        replacement = PythonValues.text(arguments.named().get(name));
      } else {
        throw new TemplateException("the format '" + format + "' lacks a value '" + name + "'");
      }
      matcher.appendReplacement(out, Matcher.quoteReplacement(replacement));
      Budget.bounded(out);
    }
    return matcher.appendTail(out).toString();
  }
}
