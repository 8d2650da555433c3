package dev.castalia.scoring.template;

import dev.castalia.scoring.tokens.PythonSpace;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** jinja2's filters, and the one that lm-evaluation-harness adds. */
final class Filters {

  /** What a filter makes of a value. */
  @FunctionalInterface
  interface Filter {

    Object apply(Object value, Arguments arguments);
  }

  private static final Object REQUIRED = Arguments.REQUIRED;
  private static final Object MISSING = new Object();
  private static final Pattern WORD_BREAK =
      Pattern.compile("([-(\\[{<]|" + PythonSpace.REGEX + ")+");
  private static final Pattern WORD = Pattern.compile("[" + PythonPattern.WORD + "]+");
  private static final Pattern INTEGER = Pattern.compile("[+-]?\\d+(_\\d+)*");

  /** Rounded to fewer places any whole number is 0, and to more than these a float is itself. */
  private static final int FEWEST_PLACES = -7000;

  private static final int MOST_PLACES = 1100;

  private static final Map<String, Filter> FILTERS = new HashMap<>();

  /** Filters of jinja2 that no evaluation's template needs. */
  private static final Set<String> UNSUPPORTED =
      Set.of(
          ("batch e escape filesizeformat forceescape groupby pprint random safe slice striptags"
                  + " tojson truncate urlencode urlize wordwrap xmlattr")
              .split(" "));

  static {
    FILTERS.put("abs", (value, given) -> absolute(value, given));
    FILTERS.put("attr", Filters::attribute);
    FILTERS.put("capitalize", text(PythonText::capitalized));
    FILTERS.put("center", Filters::center);
    FILTERS.put("count", Filters::length);
    FILTERS.put("d", Filters::otherwise);
    FILTERS.put("default", Filters::otherwise);
    FILTERS.put("dictsort", Filters::sortedPairs);
    FILTERS.put("first", Filters::first);
    FILTERS.put("float", Filters::real);
    FILTERS.put("format", Filters::format);
    FILTERS.put("indent", Filters::indent);
    FILTERS.put("int", Filters::whole);
    FILTERS.put("items", Filters::items);
    FILTERS.put("join", Filters::join);
    FILTERS.put("last", Filters::last);
    FILTERS.put("length", Filters::length);
    FILTERS.put("list", (value, given) -> list(value, given));
    FILTERS.put("lower", text(it -> it.toLowerCase(Locale.ROOT)));
    FILTERS.put("map", Filters::map);
    FILTERS.put("max", (value, given) -> extreme(value, given, 1));
    FILTERS.put("min", (value, given) -> extreme(value, given, -1));
    FILTERS.put("regex_replace", Filters::regexReplace);
    FILTERS.put("reject", (value, given) -> select(value, given, false));
    FILTERS.put("rejectattr", (value, given) -> selectByAttribute(value, given, false));
    FILTERS.put("replace", Filters::replace);
    FILTERS.put("reverse", Filters::reverse);
    FILTERS.put("round", Filters::round);
    FILTERS.put("select", (value, given) -> select(value, given, true));
    FILTERS.put("selectattr", (value, given) -> selectByAttribute(value, given, true));
    FILTERS.put("sort", Filters::sort);
    FILTERS.put("string", text(it -> it));
    FILTERS.put("sum", Filters::sum);
    FILTERS.put("title", text(Filters::title));
    FILTERS.put("trim", Filters::trim);
    FILTERS.put("unique", Filters::unique);
    FILTERS.put("upper", text(it -> it.toUpperCase(Locale.ROOT)));
    FILTERS.put("wordcount", Filters::wordCount);
  }

  private Filters() {}

  /**
   * @throws TemplateException if there is none of that name
   */
  static Filter of(String name) {
    if (UNSUPPORTED.contains(name)) {
      throw TemplateException.unsupported("filter '" + name + "'");
    }
    Filter filter = FILTERS.get(name);
    if (filter == null) {
      throw new TemplateException("no filter named '" + name + "'");
    }
    return (value, given) -> Budget.made(filter.apply(Budget.read(value), given));
  }

  private static Filter text(UnaryOperator<String> change) {
    return (value, given) -> {
      given.bind();
      return change.apply(PythonValues.text(value));
    };
  }

  private static Object absolute(Object value, Arguments given) {
    given.bind();
    PythonValues.defined(value);
    if (!PythonValues.isNumber(value)) {
      throw PythonValues.wrongType("the operand of abs", value);
    }
    return PythonValues.isReal(value)
        ? (Object) Math.abs(PythonValues.real(value))
        : PythonValues.number(PythonValues.whole(value).abs());
  }

  private static Object attribute(Object value, Arguments given) {
    return PythonValues.attribute(value, PythonValues.text(given.bind("name", REQUIRED)[0]));
  }

  private static Object center(Object value, Arguments given) {
    long width = PythonValues.index(given.bind("width", 80L)[0]);
    return PythonMethods.padded(PythonValues.text(value), width, " ", 1, 1);
  }

  private static Object length(Object value, Arguments given) {
    given.bind();
    return PythonValues.length(value);
  }

  private static Object otherwise(Object value, Arguments given) {
    Object[] bound = given.bind("default_value", "", "boolean", false);
    boolean wanted =
        value instanceof Undefined || PythonValues.truth(bound[1]) && !PythonValues.truth(value);
    return wanted ? bound[0] : value;
  }

  private static Object first(Object value, Arguments given) {
    given.bind();
    List<Object> items = PythonValues.items(value);
    return items.isEmpty() ? new Undefined("no first item, of none") : items.getFirst();
  }

  private static Object last(Object value, Arguments given) {
    given.bind();
    List<Object> items = PythonValues.items(sized(value));
    return items.isEmpty() ? new Undefined("no last item, of none") : items.getLast();
  }

  private static Object sized(Object value) {
    if (value instanceof Sequence sequence && !sequence.sized()) {
      throw PythonValues.wrongType("what is gone over backwards", value);
    }
    return value;
  }

  private static Object list(Object value, Arguments given) {
    given.bind();
    return PythonValues.items(value);
  }

  private static Object items(Object value, Arguments given) {
    given.bind();
    if (value instanceof Undefined) {
      return Sequence.generator(List.of());
    }
    if (value instanceof Map<?, ?> map) {
      return Sequence.generator(PythonMethods.pairs(map));
    }
    throw PythonValues.wrongType("what has items", value);
  }

  /** Every item as {@code str()} writes it. */
  private static Object join(Object value, Arguments given) {
    Object[] bound = given.bind("d", "", "attribute", null);
    return PythonMethods.joined(
        PythonValues.text(bound[0]),
        PythonValues.items(value),
        getter(bound[1], MISSING).andThen(PythonValues::text));
  }

  private static Object format(Object value, Arguments given) {
    if (!given.named().isEmpty()) {
      throw TemplateException.unsupported("filter 'format' with named values");
    }
    return PythonFormat.percent(PythonValues.text(value), given.positional());
  }

  private static Object indent(Object value, Arguments given) {
    Object[] bound = given.bind("width", 4L, "first", false, "blank", false);
    String by =
        bound[0] instanceof CharSequence text
            ? text.toString()
            : " ".repeat((int) Math.clamp(PythonValues.index(bound[0]), 0, Short.MAX_VALUE));
    boolean blank = PythonValues.truth(bound[2]);
    String[] lines = (PythonValues.text(value) + "\n").split("\n", -1);
    lines = Arrays.copyOf(lines, lines.length - 1);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < lines.length; i++) {
      boolean indented = (i > 0 || PythonValues.truth(bound[1])) && (blank || !lines[i].isEmpty());
      out.append(i == 0 ? "" : "\n").append(indented ? by : "");
      Budget.bounded(out.append(lines[i]));
    }
    return out.toString();
  }

  private static Object whole(Object value, Arguments given) {
    Object[] bound = given.bind("default", 0L, "base", 10L);
    PythonValues.defined(value);
    if (PythonValues.isWhole(value)) {
      return PythonValues.number(PythonValues.whole(value));
    }
    String text = value instanceof CharSequence it ? PythonSpace.strip(it.toString()) : "";
    if (PythonValues.index(bound[1]) != 10) {
      throw TemplateException.unsupported("filter 'int' with a base");
    }
    if (text.length() <= PythonValues.MOST_DIGITS && INTEGER.matcher(text).matches()) {
      return PythonValues.number(digits(text), 10);
    }
    Double real = PythonValues.isReal(value) ? (Double) PythonValues.real(value) : parsed(text);
    return real == null || !Double.isFinite(real)
        ? bound[0]
        : PythonValues.number(new BigDecimal(real).toBigInteger());
  }

  private static Object real(Object value, Arguments given) {
    Object[] bound = given.bind("default", 0.0);
    PythonValues.defined(value);
    if (PythonValues.isNumber(value)) {
      return PythonValues.real(value);
    }
    Double parsed =
        value instanceof CharSequence text ? parsed(PythonSpace.strip(text.toString())) : null;
    return parsed == null ? bound[0] : parsed;
  }

  private static String digits(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .filter(c -> c != '_')
        .map(c -> Character.isDigit(c) ? '0' + Character.digit(c, 10) : c)
        .forEach(out::appendCodePoint);
    return out.toString();
  }

  /** {@code float(text)}; null where that fails. */
  private static Double parsed(String text) {
    String plain = text.toLowerCase(Locale.ROOT);
    String unsigned = plain.replaceFirst("^[+-]", "");
    if (Set.of("nan", "inf", "infinity").contains(unsigned)) {
      double value = unsigned.equals("nan") ? Double.NaN : Double.POSITIVE_INFINITY;
      return plain.startsWith("-") ? -value : value;
    }
    return plain.matches("[+-]?(\\d+(_\\d+)*)?(\\.(\\d+(_\\d+)*)?)?(e[+-]?\\d+)?")
            && unsigned.matches("\\.?\\d.*")
        ? (Double) Double.parseDouble(plain.replace("_", ""))
        : null;
  }

  private static Object map(Object value, Arguments given) {
    if (given.positional().isEmpty() && given.named().containsKey("attribute")) {
      Object[] bound = given.bind("attribute", REQUIRED, "default", MISSING);
      return generated(value, getter(bound[0], bound[1]));
    }
    String name = PythonValues.text(nameOf(given));
    Filter filter = of(name);
    Arguments rest = given.rest(name);
    return generated(value, item -> filter.apply(item, rest));
  }

  /**
   * As jinja2 has it in some filters: of none, or any other value that counts as false, nothing.
   */
  private static List<Object> itemsIfAny(Object value) {
    return PythonValues.truth(value) ? PythonValues.items(value) : List.of();
  }

  private static Object nameOf(Arguments given) {
    if (given.positional().isEmpty()) {
      throw new TemplateException(given.of() + " lacks the name of a filter, test or attribute");
    }
    return given.positional().getFirst();
  }

  private static Sequence generated(
      Object value, java.util.function.Function<Object, Object> change) {
    List<Object> items = new ArrayList<>();
    itemsIfAny(value).forEach(item -> items.add(change.apply(item)));
    return Sequence.generator(items);
  }

  private static Object select(Object value, Arguments given, boolean wanted) {
    return kept(value, item -> item, given, wanted);
  }

  private static Object selectByAttribute(Object value, Arguments given, boolean wanted) {
    return kept(value, getter(nameOf(given), MISSING), given.rest(given.of()), wanted);
  }

  private static Object kept(
      Object value,
      java.util.function.Function<Object, Object> of,
      Arguments given,
      boolean wanted) {
    Predicate<Object> test = PythonValues::truth;
    if (!given.positional().isEmpty()) {
      String name = PythonValues.text(given.positional().getFirst());
      Tests.Test named = Tests.of(name);
      Arguments rest = given.rest(name);
      test = item -> named.test(item, rest);
    }
    List<Object> items = new ArrayList<>();
    for (Object item : itemsIfAny(value)) {
      if (test.test(of.apply(item)) == wanted) {
        items.add(item);
      }
    }
    return Sequence.generator(items);
  }

  /** What gives {@code a.b.0} of an item; the item itself for null. */
  private static java.util.function.Function<Object, Object> getter(
      Object attribute, Object otherwise) {
    if (attribute == null) {
      return item -> item;
    }
    if (PythonValues.isWhole(attribute)) {
      return item -> PythonValues.item(item, attribute);
    }
    List<Object> path = PythonMethods.split(PythonValues.text(attribute), ".", -1);
    path.replaceAll(
        part ->
            part instanceof String text && text.matches("\\d+")
                ? PythonValues.number(text, 10)
                : part);
    return item -> {
      Object at = item;
      for (Object part : Budget.read(path)) {
        at = PythonValues.item(at, part);
        if (at instanceof Undefined && otherwise != MISSING) {
          at = otherwise;
        }
      }
      return at;
    };
  }

  /** What items are sorted by: texts without regard to case unless asked otherwise. */
  private static java.util.function.Function<Object, Object> key(
      Object attribute, Object caseSensitive) {
    java.util.function.Function<Object, Object> getter = getter(attribute, MISSING);
    boolean exact = PythonValues.truth(caseSensitive);
    return item -> {
      Object key = getter.apply(item);
      return !exact && key instanceof CharSequence text
          ? Budget.read(text).toString().toLowerCase(Locale.ROOT)
          : PythonValues.defined(key);
    };
  }

  private static Comparator<Object> order(java.util.function.Function<Object, Object> key) {
    return (a, b) -> PythonEquality.compare("<", key.apply(a), key.apply(b));
  }

  private static Object sort(Object value, Arguments given) {
    Object[] bound = given.bind("reverse", false, "case_sensitive", false, "attribute", null);
    Comparator<Object> order = order(key(bound[2], bound[1]));
    if (bound[2] instanceof CharSequence several && several.toString().contains(",")) {
      throw TemplateException.unsupported("filter 'sort' by several attributes");
    }
    List<Object> items = PythonValues.items(value);
    List<Object> sorted = new ArrayList<>(items);
    sorted.sort(PythonValues.truth(bound[0]) ? order.reversed() : order);
    return sorted;
  }

  private static Object sortedPairs(Object value, Arguments given) {
    Object[] bound = given.bind("case_sensitive", false, "by", "key", "reverse", false);
    if (!(PythonValues.defined(value) instanceof Map<?, ?> map)) {
      throw PythonValues.wrongType("what dictsort sorts", value);
    }
    Object part = PythonValues.text(bound[1]).equals("value") ? 1L : 0L;
    Comparator<Object> order = order(key(part, bound[0]));
    List<Object> pairs = PythonMethods.pairs(map);
    pairs.sort(PythonValues.truth(bound[2]) ? order.reversed() : order);
    return pairs;
  }

  private static Object extreme(Object value, Arguments given, int sign) {
    Object[] bound = given.bind("case_sensitive", false, "attribute", null);
    Comparator<Object> order = order(key(bound[1], bound[0]));
    Object best = MISSING;
    for (Object item : PythonValues.items(value)) {
      if (best == MISSING || sign * order.compare(item, best) > 0) {
        best = item;
      }
    }
    return best == MISSING ? new Undefined("no item, of none") : best;
  }

  private static Object unique(Object value, Arguments given) {
    Object[] bound = given.bind("case_sensitive", false, "attribute", null);
    java.util.function.Function<Object, Object> key = key(bound[1], bound[0]);
    List<Object> seen = new ArrayList<>();
    List<Object> items = new ArrayList<>();
    for (Object item : PythonValues.items(value)) {
      Object of = key.apply(item);
      if (seen.stream().noneMatch(it -> PythonEquality.equal(it, of))) {
        seen.add(of);
        items.add(item);
      }
    }
    return Sequence.generator(items);
  }

  private static Object sum(Object value, Arguments given) {
    Object[] bound = given.bind("attribute", null, "start", 0L);
    java.util.function.Function<Object, Object> getter = getter(bound[0], MISSING);
    Object sum = bound[1];
    if (sum instanceof CharSequence) {
      throw new TemplateException("sum of texts; write '|join'");
    }
    for (Object item : PythonValues.items(value)) {
      sum = PythonArithmetic.binary("+", sum, getter.apply(item));
    }
    return sum;
  }

  private static Object replace(Object value, Arguments given) {
    Object[] bound = given.bind("old", REQUIRED, "new", REQUIRED, "count", null);
    int most = bound[2] == null ? -1 : PythonMethods.count(bound[2]);
    return PythonMethods.replace(
        PythonValues.text(value), PythonValues.text(bound[0]), PythonValues.text(bound[1]), most);
  }

  private static Object reverse(Object value, Arguments given) {
    given.bind();
    List<Object> items = new ArrayList<>(PythonValues.items(sized(value)));
    Collections.reverse(items);
    return value instanceof CharSequence
        ? items.stream().map(String.class::cast).collect(Collectors.joining())
        : Sequence.generator(items);
  }

  private static Object round(Object value, Arguments given) {
    Object[] bound = given.bind("precision", 0L, "method", "common");
    PythonValues.defined(value);
    if (!PythonValues.isNumber(value)) {
      throw PythonValues.wrongType("what is rounded", value);
    }
    int digits = (int) Math.clamp(PythonValues.index(bound[0]), FEWEST_PLACES, MOST_PLACES);
    String method = PythonValues.text(bound[1]);
    if (!Set.of("common", "ceil", "floor").contains(method)) {
      throw new TemplateException("round() by method '" + method + "': common, ceil or floor");
    }
    if (method.equals("common") && PythonValues.isWhole(value)) {
      return PythonValues.number(
          new BigDecimal(PythonValues.whole(value))
              .setScale(Math.min(0, digits), RoundingMode.HALF_EVEN)
              .toBigInteger());
    }
    double real = PythonValues.real(value);
    if (!Double.isFinite(real)) {
      return real;
    }
    if (method.equals("common")) {
      return new BigDecimal(real).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
    }
    double scale = Math.pow(10, digits);
    return (method.equals("ceil") ? Math.ceil(real * scale) : Math.floor(real * scale)) / scale;
  }

  private static String title(String text) {
    StringBuilder out = new StringBuilder();
    Matcher breaks = WORD_BREAK.matcher(text);
    int from = 0;
    while (breaks.find()) {
      titled(out, text.substring(from, breaks.start()));
      titled(out, breaks.group());
      from = breaks.end();
    }
    titled(out, text.substring(from));
    return out.toString();
  }

  private static void titled(StringBuilder out, String word) {
    if (!word.isEmpty()) {
      int first = word.offsetByCodePoints(0, 1);
      out.append(word.substring(0, first).toUpperCase(Locale.ROOT))
          .append(word.substring(first).toLowerCase(Locale.ROOT));
    }
  }

  private static Object trim(Object value, Arguments given) {
    Object characters = given.bind("chars", null)[0];
    return PythonMethods.strip(
        PythonValues.text(value),
        characters == null ? null : PythonValues.text(characters),
        true,
        true);
  }

  private static Object wordCount(Object value, Arguments given) {
    given.bind();
    return WORD.matcher(PythonValues.text(value)).results().count();
  }

  private static Object regexReplace(Object value, Arguments given) {
    Object[] bound = given.bind("pattern", REQUIRED, "repl", REQUIRED, "count", 0L);
    return PythonSubstitution.of(
        PythonValues.text(value),
        PythonValues.text(bound[0]),
        PythonValues.text(bound[1]),
        PythonValues.index(bound[2]));
  }
}
