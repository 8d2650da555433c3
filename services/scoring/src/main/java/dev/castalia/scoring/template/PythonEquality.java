package dev.castalia.scoring.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Python's {@code ==}, of the values that JSON has. */
final class PythonEquality {

  private PythonEquality() {}

  static boolean equal(Object left, Object right) {
    Object a = value(left);
    Object b = value(right);
    if (a instanceof CharSequence text && b instanceof CharSequence other) {
      return text.toString().equals(other.toString());
    }
    if (a instanceof Number number && b instanceof Number other) {
      return equalNumbers(number, other);
    }
    if (a instanceof List<?> list && b instanceof List<?> other) {
      return equalLists(list, other);
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

  private static Object value(Object value) {
    return switch (value) {
      case null -> None.NONE;
      case Boolean truth -> truth ? 1L : 0L;
      default -> value;
    };
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
