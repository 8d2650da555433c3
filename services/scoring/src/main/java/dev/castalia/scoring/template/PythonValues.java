package dev.castalia.scoring.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What Python does with values of its types. They are Java's: {@code null} for None, Boolean, Long
 * or BigInteger, Double, String, List and Map, LocalDateTime for a datetime, of which there is the
 * text alone, and those of this package.
 */
final class PythonValues {

  /** Of a whole number in a text. */
  static final int MOST_DIGITS = 4300;

  private PythonValues() {}

  static String typeOf(Object value) {
    return switch (value) {
      case null -> "None";
      case Boolean truth -> "bool";
      case Double real -> "float";
      case Float real -> "float";
      case Number number -> "int";
      case CharSequence text -> "str";
      case Tuple tuple -> "tuple";
      case Sequence sequence -> sequence.sized() ? "range" : "generator";
      case List<?> list -> "list";
      case Map<?, ?> map -> "dict";
      case LocalDateTime time -> "datetime";
      default -> value.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    };
  }

  /** The value, unless it is undefined. */
  static Object defined(Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    return value;
  }

  /** {@code str(value)}. */
  static String text(Object value) {
    return value == Undefined.NO_ELSE ? "" : PythonText.str(defined(value));
  }

  /** {@code bool(value)}. */
  static boolean truth(Object value) {
    return switch (value == Undefined.NO_ELSE ? null : defined(value)) {
      case null -> false;
      case Boolean truth -> truth;
      case Double real -> real != 0;
      case BigInteger whole -> whole.signum() != 0;
      case Number number -> number.doubleValue() != 0;
      case CharSequence text -> !text.isEmpty();
      case Sequence sequence when !sequence.sized() -> true;
      case Collection<?> items -> !items.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      default -> true;
    };
  }

  /** {@code len(value)}; of a text in code points. */
  static long length(Object value) {
    return switch (value == Undefined.NO_ELSE ? "" : defined(value)) {
      case CharSequence text -> Budget.read(text).codePoints().count();
      case Sequence sequence when !sequence.sized() -> throw wrongType("len()", value);
      case Collection<?> items -> items.size();
      case Map<?, ?> map -> map.size();
      case null, default -> throw wrongType("len()", value);
    };
  }

  /** What {@code iter(value)} goes over: of a text the characters, of a dictionary the keys. */
  static List<Object> items(Object value) {
    return switch (value == Undefined.NO_ELSE ? "" : Budget.read(defined(value))) {
      case CharSequence text -> {
        Budget.items(text.length());
        yield text.codePoints().<Object>mapToObj(Character::toString).toList();
      }
      case Collection<?> items -> new ArrayList<>(items);
      case Map<?, ?> map -> new ArrayList<>(map.keySet());
      case null, default -> throw wrongType("iteration", value);
    };
  }

  static boolean isIterable(Object value) {
    return value instanceof CharSequence || value instanceof Collection || value instanceof Map;
  }

  /** {@code value[item]}, or a method of that name; undefined where there is neither. */
  static Object item(Object value, Object item) {
    defined(value);
    defined(item);
    Object found =
        switch (value) {
          case Map<?, ?> map -> ofMap(map, item);
          case CharSequence text -> ofText(text.toString(), item);
          case Sequence sequence when !sequence.sized() -> null;
          case List<?> list -> ofList(list, item);
          case null, default -> null;
        };
    if (found instanceof Found(Object what)) {
      return what;
    }
    return item instanceof String name ? attribute(value, name) : Undefined.item(value, item);
  }

  /** {@code value.name}: a method or attribute, else the item of that name. */
  static Object member(Object value, String name) {
    defined(value);
    Object attribute = attribute(value, name);
    if (attribute instanceof Undefined && value instanceof Map<?, ?> map) {
      return ofMap(map, name) instanceof Found(Object what) ? what : attribute;
    }
    return attribute;
  }

  /** {@code value.name}, items left out. */
  static Object attribute(Object value, String name) {
    if (defined(value) instanceof Namespace(Map<String, Object> attributes)) {
      return attributes.containsKey(name) ? attributes.get(name) : Undefined.item(value, name);
    }
    if (value instanceof Loop loop) {
      return loop.attribute(name);
    }
    Function method = PythonMethods.of(value, name);
    return method == null ? Undefined.item(value, name) : method;
  }

  /** An item that is there, which may be null. */
  private record Found(Object item) {}

  /**
   * The key of a dictionary.
   *
   * @throws TemplateException if it can be none
   */
  static Object key(Object value) {
    if (!isHashable(defined(value))) {
      throw wrongType("a dictionary's key", value);
    }
    return value;
  }

  private static boolean isHashable(Object value) {
    return switch (Budget.read(value)) {
      case Tuple tuple -> tuple.stream().allMatch(PythonValues::isHashable);
      case List<?> list -> list instanceof Sequence;
      case Map<?, ?> map -> false;
      case null, default -> true;
    };
  }

  private static Object ofMap(Map<?, ?> map, Object key) {
    if (isHashable(key) && map.containsKey(key)) {
      return new Found(map.get(key));
    }
    return key instanceof String
        ? null
        : map.entrySet().stream()
            .filter(entry -> PythonEquality.equal(entry.getKey(), key))
            .findFirst()
            .map(entry -> new Found(entry.getValue()))
            .orElse(null);
  }

  private static Object ofText(String text, Object item) {
    long length = length(text);
    long at = isWhole(item) ? fromFront(item, length) : -1;
    return at < 0 || at >= length
        ? null
        : new Found(
            Character.toString(text.codePointAt(text.offsetByCodePoints(0, Math.toIntExact(at)))));
  }

  private static Object ofList(List<?> list, Object item) {
    long at = isWhole(item) ? fromFront(item, list.size()) : -1;
    return at < 0 || at >= list.size() ? null : new Found(list.get((int) at));
  }

  private static long fromFront(Object index, long length) {
    long at = index(index);
    return at < 0 ? at + length : at;
  }

  /** {@code value[start:stop:step]}; null for a part that is left out. */
  static Object slice(Object value, Object start, Object stop, Object step) {
    defined(value);
    if (value instanceof CharSequence text) {
      StringBuilder out = new StringBuilder();
      int[] points = Budget.read(text).codePoints().toArray();
      indices(points.length, start, stop, step).forEach(i -> out.appendCodePoint(points[i]));
      return Budget.made(out.toString());
    }
    if (!(value instanceof List<?> list) || list instanceof Sequence it && !it.sized()) {
      throw wrongType("a slice", value);
    }
    List<Object> items = new ArrayList<>();
    indices(list.size(), start, stop, step).forEach(i -> items.add(list.get(i)));
    return Budget.made(list instanceof Tuple ? new Tuple(items) : items);
  }

  /** As {@code slice.indices} says. */
  private static List<Integer> indices(int length, Object start, Object stop, Object step) {
    long by = step == null ? 1 : index(step);
    if (by == 0) {
      throw new TemplateException("a slice's step is 0");
    }
    long least = by > 0 ? 0 : -1;
    long most = by > 0 ? length : length - 1;
    long from = start == null ? (by > 0 ? least : most) : bound(start, length, least, most);
    long to = stop == null ? (by > 0 ? most : least) : bound(stop, length, least, most);
    List<Integer> indices = new ArrayList<>();
    for (long i = from; by > 0 ? i < to : i > to; i += by) {
      indices.add((int) i);
    }
    return indices;
  }

  private static long bound(Object index, int length, long least, long most) {
    return Math.clamp(fromFront(index, length), least, most);
  }

  static boolean isNumber(Object value) {
    return value instanceof Number || value instanceof Boolean;
  }

  static boolean isWhole(Object value) {
    return isNumber(value) && !isReal(value);
  }

  static boolean isReal(Object value) {
    return value instanceof Double || value instanceof Float || value instanceof BigDecimal;
  }

  /** A whole number that counts or points to something. */
  static long index(Object value) {
    if (!isWhole(defined(value))) {
      throw wrongType("a whole number's place", value);
    }
    BigInteger whole = whole(value);
    return whole.bitLength() < Long.SIZE
        ? whole.longValue()
        : whole.signum() < 0 ? Long.MIN_VALUE / 2 : Long.MAX_VALUE / 2;
  }

  static BigInteger whole(Object value) {
    return switch (value) {
      case Boolean truth -> truth ? BigInteger.ONE : BigInteger.ZERO;
      case BigInteger whole -> whole;
      case Number number -> BigInteger.valueOf(number.longValue());
      default -> throw wrongType("a whole number's place", value);
    };
  }

  static double real(Object value) {
    return value instanceof Boolean truth ? (truth ? 1 : 0) : ((Number) value).doubleValue();
  }

  /**
   * {@code int(digits)}, which like Python's converts no more than so many.
   *
   * @param digits with or without a sign
   */
  static Object number(String digits, int radix) {
    if (digits.length() > MOST_DIGITS) {
      throw new TemplateException("a number of more than " + MOST_DIGITS + " digits");
    }
    return number(new BigInteger(digits, radix));
  }

  static Object number(BigInteger whole) {
    return whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : Budget.bounded(whole);
  }

  static TemplateException wrongType(String use, Object value) {
    return new TemplateException(
        "%s cannot be of type %s: %s".formatted(use, typeOf(value), shown(value)));
  }

  private static String shown(Object value) {
    return value instanceof Sequence || value instanceof Function ? "…" : PythonText.repr(value);
  }
}
