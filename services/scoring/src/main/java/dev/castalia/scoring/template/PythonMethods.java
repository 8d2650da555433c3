package dev.castalia.scoring.template;

import dev.castalia.scoring.tokens.PythonSpace;
import java.beans.FeatureDescriptor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;

/**
 * Python's methods of strings and lists, for templates. Java's of the same name differ: {@code "a b
 * ".split(" ")} drops the last, empty part, and takes a regular expression.
 */
final class PythonMethods extends ELResolver {

  private static final Pattern INDEX = Pattern.compile("-?\\d{1,9}");
  private static final Set<String> TRUTHS = Set.of("true", "false");

  @Override
  public Object invoke(
      ELContext context, Object base, Object method, Class<?>[] types, Object[] arguments) {
    Object[] given = arguments == null ? new Object[0] : arguments;
    if (base instanceof CharSequence text) {
      context.setPropertyResolved(true);
      return ofString(text.toString(), method.toString(), given);
    }
    if (base instanceof List<?> list && method.equals("index") && given.length == 1) {
      context.setPropertyResolved(true);
      int index = list.indexOf(given[0]);
      if (index < 0) {
        throw new IllegalArgumentException(PythonText.repr(given[0]) + " is not in the list");
      }
      return (long) index;
    }
    return null;
  }

  private static Object ofString(String text, String method, Object[] arguments) {
    String first = arguments.length > 0 && arguments[0] != null ? arguments[0].toString() : null;
    return switch (method) {
      case "split" -> first == null ? splitOnSpace(text) : split(text, first, limit(arguments, 1));
      case "strip" -> strip(text, first, true, true);
      case "lstrip" -> strip(text, first, true, false);
      case "rstrip" -> strip(text, first, false, true);
      case "lower" -> text.toLowerCase(Locale.ROOT);
      case "upper" -> text.toUpperCase(Locale.ROOT);
      case "capitalize" ->
          text.isEmpty()
              ? text
              : text.substring(0, text.offsetByCodePoints(0, 1)).toUpperCase(Locale.ROOT)
                  + text.substring(text.offsetByCodePoints(0, 1)).toLowerCase(Locale.ROOT);
      case "startswith" -> text.startsWith(required(method, first));
      case "endswith" -> text.endsWith(required(method, first));
      case "find" -> find(text, required(method, first));
      case "index" -> {
        long index = find(text, required(method, first));
        if (index < 0) {
          throw new IllegalArgumentException(PythonText.repr(first) + " is not in the string");
        }
        yield index;
      }
      case "count" -> (long) split(text, required(method, first), -1).size() - 1;
      case "replace" ->
          String.join(
              required(method, arguments.length > 1 ? String.valueOf(arguments[1]) : null),
              split(text, required(method, first), limit(arguments, 2)));
      case "join" ->
          ((List<?>) arguments[0]).stream().map(String::valueOf).collect(Collectors.joining(text));
      default ->
          throw new IllegalArgumentException(
              "method '" + method + "' of a string is not one that Castalia's templates know");
    };
  }

  private static String required(String method, String argument) {
    if (argument == null) {
      throw new IllegalArgumentException("method '" + method + "' of a string lacks an argument");
    }
    return argument;
  }

  private static int limit(Object[] arguments, int index) {
    return arguments.length > index ? ((Number) arguments[index]).intValue() : -1;
  }

  private static List<String> split(String text, String separator, int most) {
    if (separator.isEmpty()) {
      throw new IllegalArgumentException("an empty separator");
    }
    List<String> parts = new ArrayList<>();
    int from = 0;
    int to;
    while ((most < 0 || parts.size() < most) && (to = text.indexOf(separator, from)) >= 0) {
      parts.add(text.substring(from, to));
      from = to + separator.length();
    }
    parts.add(text.substring(from));
    return parts;
  }

  private static List<String> splitOnSpace(String text) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || PythonSpace.isSpace(text.charAt(i))) {
        if (i > from) {
          parts.add(text.substring(from, i));
        }
        from = i + 1;
      }
    }
    return parts;
  }

  private static String strip(String text, String characters, boolean left, boolean right) {
    IntPredicate unwanted =
        characters == null ? PythonSpace::isSpace : point -> characters.indexOf(point) >= 0;
    int from = 0;
    int to = text.length();
    while (left && from < to && unwanted.test(text.codePointAt(from))) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (right && to > from && unwanted.test(text.codePointBefore(to))) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  /** In code points, as Python counts. */
  private static long find(String text, String part) {
    int index = text.indexOf(part);
    return index < 0 ? -1 : text.codePointCount(0, index);
  }

  /**
   * {@code text[i]}, from the end where i is negative, in code points; and {@code list[truth]}, of
   * which False is 0 and True is 1.
   */
  @Override
  public Object getValue(ELContext context, Object base, Object property) {
    // Jinjava hands every property on as a string.
    if (base instanceof CharSequence characters && INDEX.matcher(property.toString()).matches()) {
      String text = characters.toString();
      int length = text.codePointCount(0, text.length());
      int given = Integer.parseInt(property.toString());
      int index = given < 0 ? given + length : given;
      if (index >= 0 && index < length) {
        context.setPropertyResolved(true);
        return Character.toString(text.codePointAt(text.offsetByCodePoints(0, index)));
      }
    }
    if (base instanceof List<?> list && TRUTHS.contains(property.toString())) {
      int index = Boolean.parseBoolean(property.toString()) ? 1 : 0;
      if (index < list.size()) {
        context.setPropertyResolved(true);
        return list.get(index);
      }
    }
    return null;
  }

  @Override
  public Class<?> getType(ELContext context, Object base, Object property) {
    return null;
  }

  @Override
  public void setValue(ELContext context, Object base, Object property, Object value) {}

  @Override
  public boolean isReadOnly(ELContext context, Object base, Object property) {
    return true;
  }

  @Override
  public Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, Object base) {
    return null;
  }

  @Override
  public Class<?> getCommonPropertyType(ELContext context, Object base) {
    return null;
  }
}
