package dev.castalia.scoring.template;

import dev.castalia.scoring.tokens.PythonSpace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Python's methods of texts, lists and dictionaries, for templates. Java's of the same name differ:
 * {@code "a b ".split(" ")} drops the last, empty part, and takes a regular expression.
 */
final class PythonMethods {

  private static final Object REQUIRED = Arguments.REQUIRED;

  /** Methods that there are, so that a name that is none is undefined as in Python. */
  private static final Set<String> OF_TEXT =
      Set.of(
          ("capitalize casefold center count endswith expandtabs encode find format format_map index"
                  + " isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric"
                  + " isprintable isspace istitle isupper join ljust lower lstrip maketrans partition"
                  + " removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip"
                  + " split splitlines startswith strip swapcase title translate upper zfill")
              .split(" "));

  private static final Set<String> OF_LIST =
      Set.of("append clear copy count extend index insert pop remove reverse sort".split(" "));

  private static final Set<String> OF_MAP =
      Set.of("clear copy fromkeys get items keys pop popitem setdefault update values".split(" "));

  private PythonMethods() {}

  /** The method of a value; null where it has none of that name. */
  static Function of(Object value, String name) {
    return switch (value) {
      case CharSequence text when OF_TEXT.contains(name) ->
          arguments -> ofText(Budget.read(text.toString()), name, called(arguments, "str", name));
      case Sequence sequence -> null;
      case List<?> list when OF_LIST.contains(name) ->
          arguments -> ofList(Budget.read(list), name, called(arguments, "list", name));
      case Map<?, ?> map when OF_MAP.contains(name) ->
          arguments -> ofMap(Budget.read(map), name, called(arguments, "dict", name));
      case null, default -> null;
    };
  }

  private static Arguments called(Arguments arguments, String type, String name) {
    return new Arguments(type + "." + name + "()", arguments.positional(), arguments.named());
  }

  private static Object ofText(String text, String method, Arguments arguments) {
    return switch (method) {
      case "split" -> {
        Object[] given = arguments.bind("sep", null, "maxsplit", -1L);
        yield split(text, optional(given[0]), count(given[1]));
      }
      case "rsplit" -> {
        Object[] given = arguments.bind("sep", null, "maxsplit", -1L);
        yield splitFromRight(text, optional(given[0]), count(given[1]));
      }
      case "splitlines" -> {
        Object[] given = arguments.bind("keepends", false);
        yield lines(text, PythonValues.truth(given[0]));
      }
      case "partition" -> partition(text, sought(text, arguments, "sep"), false);
      case "rpartition" -> partition(text, sought(text, arguments, "sep"), true);
      case "strip" -> strip(text, optional(arguments.bind("chars", null)[0]), true, true);
      case "lstrip" -> strip(text, optional(arguments.bind("chars", null)[0]), true, false);
      case "rstrip" -> strip(text, optional(arguments.bind("chars", null)[0]), false, true);
      case "lower", "casefold" -> none(arguments, text.toLowerCase(Locale.ROOT));
      case "upper" -> none(arguments, text.toUpperCase(Locale.ROOT));
      case "capitalize" -> none(arguments, PythonText.capitalized(text));
      case "title" -> none(arguments, titled(text));
      case "swapcase" -> none(arguments, swapped(text));
      case "isspace" -> none(arguments, all(text, PythonSpace::isSpace));
      case "isalpha" -> none(arguments, all(text, Character::isLetter));
      case "isdecimal" -> none(arguments, all(text, Character::isDigit));
      case "isdigit" -> none(arguments, all(text, PythonMethods::isDigit));
      case "isnumeric" -> none(arguments, all(text, PythonMethods::isNumeric));
      case "isalnum" -> none(arguments, all(text, it -> Character.isLetter(it) || isNumeric(it)));
      case "isascii" -> none(arguments, text.chars().allMatch(c -> c < 0x80));
      case "islower" -> none(arguments, isCase(text, text.toLowerCase(Locale.ROOT)));
      case "isupper" -> none(arguments, isCase(text, text.toUpperCase(Locale.ROOT)));
      case "startswith" -> affixes(arguments).stream().anyMatch(text::startsWith);
      case "endswith" -> affixes(arguments).stream().anyMatch(text::endsWith);
      case "find" -> place(text, text.indexOf(sought(text, arguments, "sub")));
      case "rfind" -> place(text, text.lastIndexOf(sought(text, arguments, "sub")));
      case "index" -> found(place(text, text.indexOf(sought(text, arguments, "sub"))), arguments);
      case "rindex" ->
          found(place(text, text.lastIndexOf(sought(text, arguments, "sub"))), arguments);
      case "count" -> {
        String part = text(arguments, "sub");
        yield part.isEmpty()
            ? PythonValues.length(text) + 1
            : (long) split(text, part, -1).size() - 1;
      }
      case "replace" -> {
        Object[] given = arguments.bind("old", REQUIRED, "new", REQUIRED, "count", -1L);
        yield replace(text, required(given[0]), required(given[1]), count(given[2]));
      }
      case "removeprefix" -> {
        String prefix = text(arguments, "prefix");
        yield text.startsWith(prefix) ? text.substring(prefix.length()) : text;
      }
      case "removesuffix" -> {
        String suffix = text(arguments, "suffix");
        yield text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
      }
      case "ljust" -> padded(text, arguments, 0, 1);
      case "rjust" -> padded(text, arguments, 1, 0);
      case "center" -> padded(text, arguments, 1, 1);
      case "zfill" -> filled(text, PythonValues.index(arguments.bind("width", REQUIRED)[0]));
      case "join" ->
          joined(
              text,
              PythonValues.items(arguments.bind("iterable", REQUIRED)[0]),
              PythonMethods::required);
      case "format" -> PythonFormat.braces(text, arguments);
      default -> throw TemplateException.unsupported("method " + arguments.of());
    };
  }

  private static Object ofList(List<?> list, String method, Arguments arguments) {
    return switch (method) {
      case "index" -> {
        Object wanted = arguments.bind("value", REQUIRED)[0];
        for (int i = 0; i < list.size(); i++) {
          if (PythonEquality.equal(list.get(i), wanted)) {
            yield (long) i;
          }
        }
        throw new TemplateException(PythonText.repr(wanted) + " is not in the list");
      }
      case "count" -> {
        Object wanted = arguments.bind("value", REQUIRED)[0];
        yield list.stream().filter(it -> PythonEquality.equal(it, wanted)).count();
      }
      case "copy" -> none(arguments, new ArrayList<>(list));
      default -> throw TemplateException.unsupported("method " + arguments.of());
    };
  }

  private static Object ofMap(Map<?, ?> map, String method, Arguments arguments) {
    return switch (method) {
      case "get" -> {
        Object[] given = arguments.bind("key", REQUIRED, "default", null);
        Object item = PythonValues.item(map, given[0]);
        yield item instanceof Undefined || item instanceof Function ? given[1] : item;
      }
      case "keys" -> none(arguments, Sequence.generator(new ArrayList<>(map.keySet())));
      case "values" -> none(arguments, Sequence.generator(new ArrayList<>(map.values())));
      case "items" -> none(arguments, Sequence.generator(pairs(map)));
      case "copy" -> none(arguments, new LinkedHashMap<>(map));
      default -> throw TemplateException.unsupported("method " + arguments.of());
    };
  }

  static List<Object> pairs(Map<?, ?> map) {
    List<Object> pairs = new ArrayList<>();
    map.forEach((key, value) -> pairs.add(Tuple.of(key, value)));
    return pairs;
  }

  private static Object none(Arguments arguments, Object value) {
    arguments.bind();
    return value;
  }

  private static String text(Arguments arguments, String name) {
    return required(arguments.bind(name, REQUIRED)[0]);
  }

  /** A part that is looked for in a text. */
  private static String sought(String text, Arguments arguments, String name) {
    String part = text(arguments, name);
    Budget.search(text, part);
    return part;
  }

  private static String required(Object value) {
    if (PythonValues.defined(value) instanceof CharSequence text) {
      return text.toString();
    }
    throw PythonValues.wrongType("a text's place", value);
  }

  private static String optional(Object value) {
    return value == null ? null : required(value);
  }

  /** How often at most; below 0 for as often as there is. */
  static int count(Object value) {
    return (int) Math.clamp(PythonValues.index(value), -1, Integer.MAX_VALUE);
  }

  private static List<String> affixes(Arguments arguments) {
    Object given = arguments.bind("affix", REQUIRED)[0];
    return given instanceof Tuple several
        ? several.stream().map(affix -> Budget.read(required(affix))).toList()
        : List.of(required(given));
  }

  static String joined(
      String by, List<Object> items, java.util.function.Function<Object, String> text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < items.size(); i++) {
      Budget.bounded(out.append(i == 0 ? "" : by).append(text.apply(items.get(i))));
    }
    return out.toString();
  }

  /** At most so many splits, or any number if it is below 0. */
  static List<Object> split(String text, String separator, int most) {
    if (separator == null) {
      return splitOnSpace(text, most);
    }
    nonEmpty(separator);
    Budget.search(text, separator);
    List<Object> parts = new ArrayList<>();
    int from = 0;
    int to;
    while ((most < 0 || parts.size() < most) && (to = text.indexOf(separator, from)) >= 0) {
      parts.add(text.substring(from, to));
      from = to + separator.length();
    }
    parts.add(text.substring(from));
    return parts;
  }

  private static List<Object> splitOnSpace(String text, int most) {
    List<Object> parts = new ArrayList<>();
    int from = end(text, 0, true);
    while (from < text.length()) {
      int to = parts.size() == most ? text.length() : end(text, from, false);
      parts.add(text.substring(from, to));
      from = end(text, to, true);
    }
    return parts;
  }

  /** Where what begins there, and is all white space or all none, ends. */
  private static int end(String text, int from, boolean space) {
    int to = from;
    while (to < text.length() && PythonSpace.isSpace(text.charAt(to)) == space) {
      to++;
    }
    return to;
  }

  /** The same, of what ends there. */
  private static int start(String text, int to, boolean space) {
    int from = to;
    while (from > 0 && PythonSpace.isSpace(text.charAt(from - 1)) == space) {
      from--;
    }
    return from;
  }

  private static List<Object> splitFromRight(String text, String separator, int most) {
    if (separator == null) {
      List<Object> parts = new ArrayList<>();
      int to = start(text, text.length(), true);
      while (to > 0) {
        int from = parts.size() == most ? 0 : start(text, to, false);
        parts.add(text.substring(from, to));
        to = start(text, from, true);
      }
      Collections.reverse(parts);
      return parts;
    }
    nonEmpty(separator);
    Budget.search(text, separator);
    List<Object> parts = new ArrayList<>();
    int to = text.length();
    int at;
    while ((most < 0 || parts.size() < most)
        && to >= separator.length()
        && (at = text.lastIndexOf(separator, to - separator.length())) >= 0) {
      parts.add(text.substring(at + separator.length(), to));
      to = at;
    }
    parts.add(text.substring(0, to));
    Collections.reverse(parts);
    return parts;
  }

  private static void nonEmpty(String separator) {
    if (separator.isEmpty()) {
      throw new TemplateException("an empty separator");
    }
  }

  private static List<Object> lines(String text, boolean keepEnds) {
    List<Object> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '\n' && c <= '\r'
          || c >= 0x1C && c <= 0x1E
          || c == 0x85
          || c == 0x2028
          || c == 0x2029) {
        int end = i;
        if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
          i++;
        }
        lines.add(text.substring(from, keepEnds ? i + 1 : end));
        from = i + 1;
      }
    }
    if (from < text.length()) {
      lines.add(text.substring(from));
    }
    return lines;
  }

  private static Tuple partition(String text, String separator, boolean last) {
    nonEmpty(separator);
    int at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
    if (at < 0) {
      return new Tuple(last ? List.of("", "", text) : List.of(text, "", ""));
    }
    return new Tuple(
        List.of(text.substring(0, at), separator, text.substring(at + separator.length())));
  }

  static String strip(String text, String characters, boolean left, boolean right) {
    Budget.search(text, characters == null ? "" : characters);
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

  static String replace(String text, String old, String by, int most) {
    StringBuilder out = new StringBuilder();
    int left = most < 0 ? Integer.MAX_VALUE : most;
    int from = 0;
    if (old.isEmpty()) {
      for (; from < text.length(); from += Character.charCount(text.codePointAt(from))) {
        Budget.bounded(out.append(left-- > 0 ? by : "").appendCodePoint(text.codePointAt(from)));
      }
      return out.append(left > 0 ? by : "").toString();
    }
    Budget.search(text, old);
    int to;
    while (left-- > 0 && (to = text.indexOf(old, from)) >= 0) {
      Budget.bounded(out.append(text, from, to).append(by));
      from = to + old.length();
    }
    return out.append(text, from, text.length()).toString();
  }

  private static String titled(String text) {
    StringBuilder out = new StringBuilder();
    boolean inWord = false;
    for (int point : text.codePoints().toArray()) {
      out.appendCodePoint(inWord ? Character.toLowerCase(point) : Character.toTitleCase(point));
      inWord = isCased(point);
    }
    return out.toString();
  }

  private static String swapped(String text) {
    StringBuilder out = new StringBuilder();
    for (int point : text.codePoints().toArray()) {
      String one = Character.toString(point);
      out.append(
          Character.isUpperCase(point)
              ? one.toLowerCase(Locale.ROOT)
              : one.toUpperCase(Locale.ROOT));
    }
    return out.toString();
  }

  private static boolean isCased(int point) {
    return Character.isUpperCase(point)
        || Character.isLowerCase(point)
        || Character.isTitleCase(point);
  }

  /** A decimal digit, or one that is raised, lowered or in a circle. */
  private static boolean isDigit(int point) {
    int value = Character.getNumericValue(point);
    return Character.isDigit(point)
        || Character.getType(point) == Character.OTHER_NUMBER && value >= 0 && value <= 9;
  }

  private static boolean isNumeric(int point) {
    return switch (Character.getType(point)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> false;
    };
  }

  private static boolean isCase(String text, String same) {
    return text.equals(same) && text.codePoints().anyMatch(PythonMethods::isCased);
  }

  private static boolean all(String text, IntPredicate wanted) {
    return !text.isEmpty() && text.codePoints().allMatch(wanted);
  }

  /** In code points, as Python counts. */
  private static long place(String text, int index) {
    return index < 0 ? -1 : text.codePointCount(0, index);
  }

  private static long found(long place, Arguments arguments) {
    if (place < 0) {
      throw new TemplateException(PythonText.repr(text(arguments, "sub")) + " is not in the text");
    }
    return place;
  }

  private static String padded(String text, Arguments arguments, int left, int right) {
    Object[] given = arguments.bind("width", REQUIRED, "fillchar", " ");
    String fill = required(given[1]);
    if (fill.codePointCount(0, fill.length()) != 1) {
      throw new TemplateException(
          "%s fills with one character, not '%s'".formatted(arguments.of(), fill));
    }
    return padded(text, PythonValues.index(given[0]), fill, left, right);
  }

  static String padded(String text, long width, String fill, int left, int right) {
    long missing = Math.clamp(width - PythonValues.length(text), 0, Short.MAX_VALUE);
    // CPython's str.center puts the odd one to the left where the width is odd.
    long before = left == 0 ? 0 : right == 0 ? missing : missing / 2 + (missing & width & 1);
    return fill.repeat((int) before) + text + fill.repeat((int) (missing - before));
  }

  private static String filled(String text, long width) {
    boolean signed = text.startsWith("+") || text.startsWith("-");
    String sign = signed ? text.substring(0, 1) : "";
    return sign + padded(text.substring(sign.length()), width - sign.length(), "0", 1, 0);
  }
}
