package dev.castalia.scoring.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An expression of a template. */
sealed interface Expression {

  Object in(Scope scope);

  record Constant(Object value) implements Expression {

    @Override
    public Object in(Scope scope) {
      return value;
    }
  }

  record Name(String name) implements Expression {

    @Override
    public Object in(Scope scope) {
      return scope.get(name);
    }
  }

  record Items(List<Expression> items, boolean tuple) implements Expression {

    @Override
    public Object in(Scope scope) {
      List<Object> values = all(items, scope);
      return tuple ? new Tuple(values) : values;
    }
  }

  record Pairs(List<Expression> keys, List<Expression> values) implements Expression {

    @Override
    public Object in(Scope scope) {
      Map<Object, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < keys.size(); i++) {
        map.put(PythonValues.key(keys.get(i).in(scope)), values.get(i).in(scope));
      }
      return Budget.made(map);
    }
  }

  /** {@code of.name}. */
  record Member(Expression of, String name) implements Expression {

    @Override
    public Object in(Scope scope) {
      return PythonValues.member(of.in(scope), name);
    }
  }

  /** {@code of[item]}. */
  record Item(Expression of, Expression item) implements Expression {

    @Override
    public Object in(Scope scope) {
      return PythonValues.item(of.in(scope), item.in(scope));
    }
  }

  /** {@code of[start:stop:step]}; null for what is left out. */
  record Slice(Expression of, Expression start, Expression stop, Expression step)
      implements Expression {

    @Override
    public Object in(Scope scope) {
      return PythonValues.slice(
          of.in(scope), part(start, scope), part(stop, scope), part(step, scope));
    }

    private static Object part(Expression part, Scope scope) {
      return part == null ? null : PythonValues.defined(part.in(scope));
    }
  }

  record Call(Expression function, Given given) implements Expression {

    @Override
    public Object in(Scope scope) {
      if (PythonValues.defined(function.in(scope)) instanceof Function callable) {
        return Budget.made(callable.call(given.in("a function", scope)));
      }
      throw PythonValues.wrongType("what is called", function.in(scope));
    }
  }

  record Filtered(Expression value, String name, Filters.Filter filter, Given given)
      implements Expression {

    @Override
    public Object in(Scope scope) {
      return filter.apply(value.in(scope), given.in("filter '" + name + "'", scope));
    }
  }

  record Tested(Expression value, String name, Tests.Test test, Given given) implements Expression {

    @Override
    public Object in(Scope scope) {
      return test.test(value.in(scope), given.in("test '" + name + "'", scope));
    }
  }

  record Binary(String operator, Expression left, Expression right) implements Expression {

    @Override
    public Object in(Scope scope) {
      return PythonArithmetic.binary(operator, left.in(scope), right.in(scope));
    }
  }

  record Negated(Expression value) implements Expression {

    @Override
    public Object in(Scope scope) {
      return PythonArithmetic.negated(value.in(scope));
    }
  }

  record Positive(Expression value) implements Expression {

    @Override
    public Object in(Scope scope) {
      return PythonArithmetic.positive(value.in(scope));
    }
  }

  record Not(Expression value) implements Expression {

    @Override
    public Object in(Scope scope) {
      return !PythonValues.truth(value.in(scope));
    }
  }

  record And(Expression left, Expression right) implements Expression {

    @Override
    public Object in(Scope scope) {
      Object value = left.in(scope);
      return PythonValues.truth(value) ? right.in(scope) : value;
    }
  }

  record Or(Expression left, Expression right) implements Expression {

    @Override
    public Object in(Scope scope) {
      Object value = left.in(scope);
      return PythonValues.truth(value) ? value : right.in(scope);
    }
  }

  /** {@code first < second <= third}: every neighbouring pair compares so. */
  record Comparison(Expression first, List<String> operators, List<Expression> others)
      implements Expression {

    @Override
    public Object in(Scope scope) {
      Object left = first.in(scope);
      for (int i = 0; i < operators.size(); i++) {
        Object right = others.get(i).in(scope);
        if (!holds(operators.get(i), left, right)) {
          return false;
        }
        left = right;
      }
      return true;
    }

    static boolean holds(String operator, Object a, Object b) {
      return switch (operator) {
        case "==" -> PythonEquality.equal(a, b);
        case "!=" -> !PythonEquality.equal(a, b);
        case "in" -> PythonArithmetic.contains(b, a);
        case "not in" -> !PythonArithmetic.contains(b, a);
        default -> ordered(operator, a, b);
      };
    }

    private static boolean ordered(String operator, Object a, Object b) {
      int order = PythonEquality.compare(operator, a, b);
      if (a instanceof Double x && x.isNaN() || b instanceof Double y && y.isNaN()) {
        return false;
      }
      return switch (operator) {
        case "<" -> order < 0;
        case "<=" -> order <= 0;
        case ">" -> order > 0;
        case ">=" -> order >= 0;
        default -> throw new IllegalArgumentException(operator);
      };
    }
  }

  /**
   * {@code value if condition else otherwise}.
   *
   * @param otherwise null where it is left out
   */
  record Conditional(Expression condition, Expression value, Expression otherwise)
      implements Expression {

    @Override
    public Object in(Scope scope) {
      if (PythonValues.truth(condition.in(scope))) {
        return value.in(scope);
      }
      return otherwise == null ? Undefined.NO_ELSE : otherwise.in(scope);
    }
  }

  /** What is in the parentheses of a call. */
  record Given(List<Expression> positional, Map<String, Expression> named) {

    static final Given NOTHING = new Given(List.of(), Map.of());

    Arguments in(String of, Scope scope) {
      Map<String, Object> values = new LinkedHashMap<>();
      named.forEach((name, value) -> values.put(name, value.in(scope)));
      return new Arguments(of, all(positional, scope), values);
    }
  }

  private static List<Object> all(List<Expression> expressions, Scope scope) {
    List<Object> values = new ArrayList<>(expressions.size());
    expressions.forEach(expression -> values.add(expression.in(scope)));
    return Budget.made(values);
  }
}
