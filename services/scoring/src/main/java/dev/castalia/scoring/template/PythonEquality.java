package dev.castalia.scoring.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Python's {@code ==} and {@code <}. */
final class PythonEquality {

  private PythonEquality() {}

  static boolean equal(Object left, Object right) {
    Budget.spend(Budget.COMPARISON);
    if (left == Undefined.NO_ELSE || right == Undefined.NO_ELSE) {
      return left == right;
    }
    Object a = value(left);
    Object b = value(right);
    if (a instanceof CharSequence text && b instanceof CharSequence other) {
      Budget.spend(Math.min(text.length(), other.length()));
      return text.toString().equals(other.toString());
    }
    if (a instanceof Number number && b instanceof Number other) {
      return equalNumbers(number, other);
    }
    if (a instanceof List<?> list && b instanceof List<?> other) {
      return list instanceof Tuple == other instanceof Tuple && equalLists(list, other);
    }
    if (a instanceof Map<?, ?> map && b instanceof Map<?, ?> other) {
      return map.size() == other.size()
          && map.entrySet().stream()
              .allMatch(
                  entry ->
                      other.containsKey(entry.getKey())
                          && equal(entry.getValue(), other.get(entry.getKey())));
    }
    return Objects.equals(a, b);
  }

  /** Below 0, 0, or above 0, as Python orders numbers, texts by code points, and lists. */
  static int compare(String operator, Object left, Object right) {
    Budget.spend(Budget.COMPARISON);
    Object a = value(left);
    Object b = value(right);
    if (a instanceof Number number && b instanceof Number other) {
      return finite(number) && finite(other)
          ? decimal(number).compareTo(decimal(other))
          : Double.compare(number.doubleValue(), other.doubleValue());
    }
    if (a instanceof CharSequence text && b instanceof CharSequence other) {
      Budget.spend(text.length() + other.length());
      return compareTexts(text.toString(), other.toString());
    }
    if (a instanceof List<?> list
        && b instanceof List<?> other
        && list instanceof Tuple == other instanceof Tuple) {
      for (int i = 0; i < Math.min(list.size(), other.size()); i++) {
        if (!equal(list.get(i), other.get(i))) {
          return compare(operator, list.get(i), other.get(i));
        }
      }
      return Integer.compare(list.size(), other.size());
    }
    throw new TemplateException(
        "'%s' between %s and %s"
            .formatted(operator, PythonValues.typeOf(left), PythonValues.typeOf(right)));
  }

  private static int compareTexts(String text, String other) {
    int[] a = text.codePoints().toArray();
    int[] b = other.codePoints().toArray();
    return Arrays.compare(a, b);
  }

  private static Object value(Object value) {
    return PythonValues.defined(value) instanceof Boolean truth
        ? (Object) (truth ? 1L : 0L)
        : value;
  }

  private static boolean equalLists(List<?> list, List<?> other) {
    if (list.size() != other.size()) {
      return false;
    }
    Iterator<?> others = other.iterator();
    return list.stream().allMatch(item -> equal(item, others.next()));
  }

  /** Exactly, as Python does: 2^53 + 1 is not the float next to it. */
  private static boolean equalNumbers(Number a, Number b) {
    if (!finite(a) || !finite(b)) {
      return !finite(a) && !finite(b) && a.doubleValue() == b.doubleValue();
    }
    return decimal(a).compareTo(decimal(b)) == 0;
  }

  private static boolean finite(Number number) {
    return !(number instanceof Double || number instanceof Float)
        || Double.isFinite(number.doubleValue());
  }

  private static BigDecimal decimal(Number number) {
    return switch (number) {
      case BigDecimal decimal -> decimal;
      case BigInteger whole -> new BigDecimal(whole);
      case Double real -> new BigDecimal(real);
      case Float real -> new BigDecimal(real);
      default -> BigDecimal.valueOf(number.longValue());
    };
  }
}
