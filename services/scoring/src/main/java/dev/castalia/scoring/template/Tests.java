package dev.castalia.scoring.template;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** jinja2's tests: what may come after {@code is}. */
final class Tests {

  /** Whether a value is what the test asks. */
  @FunctionalInterface
  interface Test {

    boolean test(Object value, Arguments arguments);
  }

  private static final Map<String, Test> TESTS = new HashMap<>();

  static {
    TESTS.put("boolean", plain(Boolean.class::isInstance));
    TESTS.put("callable", plain(Function.class::isInstance));
    TESTS.put("defined", plain(value -> !(value instanceof Undefined)));
    TESTS.put("divisibleby", Tests::divisible);
    TESTS.put("even", plain(value -> leaves(0L, value, 2L)));
    TESTS.put("odd", plain(value -> leaves(1L, value, 2L)));
    TESTS.put("false", plain(Boolean.FALSE::equals));
    TESTS.put("true", plain(Boolean.TRUE::equals));
    TESTS.put("float", plain(PythonValues::isReal));
    TESTS.put(
        "integer", plain(value -> PythonValues.isWhole(value) && !(value instanceof Boolean)));
    TESTS.put("number", plain(PythonValues::isNumber));
    TESTS.put("none", plain(value -> value == null));
    TESTS.put("string", plain(CharSequence.class::isInstance));
    TESTS.put("mapping", plain(Map.class::isInstance));
    TESTS.put("iterable", plain(value -> PythonValues.isIterable(PythonValues.defined(value))));
    TESTS.put("sequence", plain(Tests::isSequence));
    TESTS.put("undefined", plain(Undefined.class::isInstance));
    TESTS.put("lower", plain(value -> isCase(PythonValues.text(value), false)));
    TESTS.put("upper", plain(value -> isCase(PythonValues.text(value), true)));
    TESTS.put("in", binary((a, b) -> PythonArithmetic.contains(b, a)));
    TESTS.put("sameas", binary(Tests::isSame));
    compared("==", "eq", "equalto");
    compared("!=", "ne");
    compared("<", "lt", "lessthan");
    compared("<=", "le");
    compared(">", "gt", "greaterthan");
    compared(">=", "ge");
  }

  private Tests() {}

  /**
   * @throws TemplateException if there is none of that name
   */
  static Test of(String name) {
    if (name.equals("escaped") || name.equals("filter") || name.equals("test")) {
      throw TemplateException.unsupported("test '" + name + "'");
    }
    Test test = TESTS.get(name);
    if (test == null) {
      throw new TemplateException("no test named '" + name + "'");
    }
    return (value, arguments) -> test.test(Budget.read(value), arguments);
  }

  private static void compared(String operator, String... names) {
    Test test = binary((a, b) -> Expression.Comparison.holds(operator, a, b));
    TESTS.put(operator, test);
    List.of(names).forEach(name -> TESTS.put(name, test));
  }

  private static Test plain(Predicate<Object> test) {
    return (value, arguments) -> {
      arguments.bind();
      return test.test(value);
    };
  }

  private static Test binary(BiPredicate<Object, Object> test) {
    return (value, arguments) -> test.test(value, arguments.bind("other", Arguments.REQUIRED)[0]);
  }

  private static boolean divisible(Object value, Arguments arguments) {
    return leaves(0L, value, arguments.bind("num", Arguments.REQUIRED)[0]);
  }

  /** {@code value % by == rest}, where the value may also be a format. */
  private static boolean leaves(Object rest, Object value, Object by) {
    return PythonEquality.equal(PythonArithmetic.binary("%", value, by), rest);
  }

  private static boolean isSequence(Object value) {
    PythonValues.defined(value);
    return value instanceof CharSequence
        || value instanceof Map
        || value instanceof List<?> list && !(list instanceof Sequence it && !it.sized());
  }

  private static boolean isCase(String text, boolean upper) {
    String same = upper ? text.toUpperCase(Locale.ROOT) : text.toLowerCase(Locale.ROOT);
    String other = upper ? text.toLowerCase(Locale.ROOT) : text.toUpperCase(Locale.ROOT);
    return text.equals(same) && !text.equals(other);
  }

  /** Of values that Python has once each; of others it depends on how they came about. */
  private static boolean isSame(Object a, Object b) {
    if (a == null || b == null || a instanceof Boolean || b instanceof Boolean) {
      return Objects.equals(a, b);
    }
    throw TemplateException.unsupported("test 'sameas' of anything but true, false and none");
  }
}
