package dev.castalia.scoring.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Python's operators of numbers, texts and lists; whole numbers of any size. */
final class PythonArithmetic {

  private PythonArithmetic() {}

  static Object binary(String operator, Object a, Object b) {
    return Budget.made(operated(operator, a, b));
  }

  private static Object operated(String operator, Object a, Object b) {
    if (operator.equals("~")) {
      return PythonValues.text(a) + PythonValues.text(b);
    }
    PythonValues.defined(a);
    PythonValues.defined(b);
    if (PythonValues.isNumber(a) && PythonValues.isNumber(b)) {
      return PythonValues.isReal(a) || PythonValues.isReal(b) || operator.equals("/")
          ? ofReals(operator, PythonValues.real(a), PythonValues.real(b))
          : ofWholes(operator, PythonValues.whole(a), PythonValues.whole(b));
    }
    return switch (operator) {
      case "+" -> concatenated(a, b);
      case "*" -> PythonValues.isWhole(a) ? repeated(b, a, operator) : repeated(a, b, operator);
      case "%" -> formatted(a, b);
      default -> throw wrong(operator, a, b);
    };
  }

  private static Object formatted(Object format, Object values) {
    if (!(format instanceof CharSequence text)) {
      throw wrong("%", format, values);
    }
    return PythonFormat.percent(
        text.toString(), values instanceof Tuple several ? several : Arrays.asList(values));
  }

  static Object negated(Object value) {
    PythonValues.defined(value);
    if (!PythonValues.isNumber(value)) {
      throw PythonValues.wrongType("the operand of '-'", value);
    }
    return PythonValues.isReal(value)
        ? (Object) (-PythonValues.real(value))
        : PythonValues.number(PythonValues.whole(value).negate());
  }

  static Object positive(Object value) {
    return negated(negated(value));
  }

  /** {@code a in b}. */
  static boolean contains(Object container, Object item) {
    PythonValues.defined(container);
    if (container instanceof CharSequence text) {
      if (!(PythonValues.defined(item) instanceof CharSequence part)) {
        throw PythonValues.wrongType("what is looked for in a text", item);
      }
      Budget.search(text.toString(), part.toString());
      return text.toString().contains(part);
    }
    if (container instanceof Map<?, ?> map) {
      return map.keySet().stream().anyMatch(key -> PythonEquality.equal(key, item));
    }
    return PythonValues.items(container).stream()
        .anyMatch(other -> PythonEquality.equal(other, item));
  }

  private static Object ofReals(String operator, double a, double b) {
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> a / divisor(b);
      case "//" -> flooredQuotient(a, divisor(b));
      case "%" -> flooredRemainder(a, divisor(b));
      case "**" -> power(a, b);
      default -> throw new IllegalArgumentException(operator);
    };
  }

  private static double divisor(double b) {
    if (b == 0) {
      throw new TemplateException("division by zero");
    }
    return b;
  }

  private static double flooredRemainder(double a, double b) {
    double remainder = a % b;
    if (remainder == 0) {
      return Math.copySign(0, b);
    }
    return remainder < 0 == b < 0 ? remainder : remainder + b;
  }

  /** As CPython's {@code float_floor_div}: from the remainder, so that the two agree. */
  private static double flooredQuotient(double a, double b) {
    double quotient = (a - flooredRemainder(a, b)) / b;
    if (quotient == 0) {
      return Math.copySign(0, a / b);
    }
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  private static double power(double a, double b) {
    if (a == 0 && b < 0) {
      throw new TemplateException("zero to a negative power");
    }
    if (a < 0 && Double.isFinite(b) && b != Math.rint(b)) {
      throw new TemplateException("a broken power of a negative number");
    }
    return Math.pow(a, b);
  }

  private static Object ofWholes(String operator, BigInteger a, BigInteger b) {
    return switch (operator) {
      case "+" -> PythonValues.number(a.add(b));
      case "-" -> PythonValues.number(a.subtract(b));
      case "*" -> PythonValues.number(a.multiply(b));
      case "//" -> PythonValues.number(floored(a, b)[0]);
      case "%" -> PythonValues.number(floored(a, b)[1]);
      case "**" -> power(a, b);
      default -> throw new IllegalArgumentException(operator);
    };
  }

  private static BigInteger[] floored(BigInteger a, BigInteger b) {
    divisor(b.signum());
    BigInteger[] both = a.divideAndRemainder(b);
    return both[1].signum() != 0 && both[1].signum() != b.signum()
        ? new BigInteger[] {both[0].subtract(BigInteger.ONE), both[1].add(b)}
        : both;
  }

  private static Object power(BigInteger a, BigInteger b) {
    if (b.signum() < 0) {
      return power(a.doubleValue(), b.doubleValue());
    }
    if (b.bitLength() > 31) {
      throw new TemplateException("a power that is too large");
    }
    Budget.bits((a.abs().bitLength() - 1L) * b.intValue());
    return PythonValues.number(a.pow(b.intValue()));
  }

  private static Object concatenated(Object a, Object b) {
    if (a instanceof CharSequence && b instanceof CharSequence) {
      return a.toString() + b;
    }
    if (a instanceof List<?> list
        && b instanceof List<?> other
        && !(list instanceof Sequence)
        && !(other instanceof Sequence)
        && list instanceof Tuple == other instanceof Tuple) {
      List<Object> both = new ArrayList<>(list);
      both.addAll(other);
      return list instanceof Tuple ? new Tuple(both) : both;
    }
    throw wrong("+", a, b);
  }

  private static Object repeated(Object value, Object times, String operator) {
    if (!PythonValues.isWhole(times)) {
      throw wrong(operator, value, times);
    }
    int count = (int) Math.clamp(PythonValues.index(times), 0, Integer.MAX_VALUE);
    if (value instanceof CharSequence text) {
      Budget.characters((long) count * text.length());
      return text.toString().repeat(count);
    }
    if (value instanceof List<?> list && !(list instanceof Sequence)) {
      Budget.items((long) count * Math.max(1, list.size()));
      List<Object> items = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        items.addAll(list);
      }
      return list instanceof Tuple ? new Tuple(items) : items;
    }
    throw wrong(operator, value, times);
  }

  private static TemplateException wrong(String operator, Object a, Object b) {
    return new TemplateException(
        "'%s' of %s and %s".formatted(operator, PythonValues.typeOf(a), PythonValues.typeOf(b)));
  }
}
