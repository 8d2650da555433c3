package dev.castalia.scoring.template;

import dev.castalia.scoring.template.Expression.Given;
import dev.castalia.scoring.template.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads expressions with the grammar, and the precedences, of jinja2's parser. */
final class ExpressionParser {

  private static final Set<String> ORDERS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Set<String> SUMS = Set.of("+", "-");
  private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");
  private static final Set<String> NO_ARGUMENT = Set.of("else", "or", "and", "is", "if", "in");

  private final Tokens tokens;

  ExpressionParser(Tokens tokens) {
    this.tokens = tokens;
  }

  /** One expression, or a tuple where commas follow. */
  Expression withCommas() {
    List<Expression> items = new ArrayList<>();
    boolean comma = false;
    while (!ends() || items.isEmpty()) {
      items.add(expression());
      comma = tokens.skip(",");
      if (!comma) {
        break;
      }
    }
    return items.size() == 1 && !comma ? items.getFirst() : new Expression.Items(items, true);
  }

  private boolean ends() {
    Kind kind = tokens.peek().kind();
    return kind == Kind.OUTPUT_END || kind == Kind.BLOCK_END || tokens.peek().is(")");
  }

  Expression expression() {
    Expression value = or();
    while (tokens.skipName("if")) {
      Expression condition = or();
      Expression otherwise = tokens.skipName("else") ? expression() : null;
      value = new Expression.Conditional(condition, value, otherwise);
    }
    return value;
  }

  /** One without a condition, as after {@code for … in}. */
  Expression or() {
    Expression left = and();
    while (tokens.skipName("or")) {
      left = new Expression.Or(left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.skipName("and")) {
      left = new Expression.And(left, not());
    }
    return left;
  }

  private Expression not() {
    return tokens.skipName("not") ? new Expression.Not(not()) : comparison();
  }

  private Expression comparison() {
    Expression first = sum();
    List<String> operators = new ArrayList<>();
    List<Expression> others = new ArrayList<>();
    while (true) {
      Token token = tokens.peek();
      if (token.kind() == Kind.OPERATOR && ORDERS.contains(token.text())) {
        operators.add(tokens.next().text());
      } else if (tokens.skipName("in")) {
        operators.add("in");
      } else if (token.isName("not") && tokens.peek(1).isName("in")) {
        tokens.next();
        tokens.next();
        operators.add("not in");
      } else {
        break;
      }
      others.add(sum());
    }
    return operators.isEmpty() ? first : new Expression.Comparison(first, operators, others);
  }

  private Expression sum() {
    Expression left = concatenation();
    while (isOf(SUMS)) {
      left = new Expression.Binary(tokens.next().text(), left, concatenation());
    }
    return left;
  }

  private Expression concatenation() {
    Expression left = product();
    while (tokens.skip("~")) {
      left = new Expression.Binary("~", left, product());
    }
    return left;
  }

  private Expression product() {
    Expression left = power();
    while (isOf(PRODUCTS)) {
      left = new Expression.Binary(tokens.next().text(), left, power());
    }
    return left;
  }

  private Expression power() {
    Expression left = unary(true);
    while (tokens.skip("**")) {
      left = new Expression.Binary("**", left, unary(true));
    }
    return left;
  }

  private boolean isOf(Set<String> operators) {
    Token token = tokens.peek();
    return token.kind() == Kind.OPERATOR && operators.contains(token.text());
  }

  private Expression unary(boolean withFilters) {
    Expression value;
    if (tokens.skip("-")) {
      value = new Expression.Negated(unary(false));
    } else if (tokens.skip("+")) {
      value = new Expression.Positive(unary(false));
    } else {
      value = primary();
    }
    value = postfixes(value);
    return withFilters ? filters(value) : value;
  }

  private Expression primary() {
    Token token = tokens.next();
    return switch (token.kind()) {
      case NAME -> named(token.text());
      case STRING -> {
        StringBuilder text = new StringBuilder(token.text());
        while (tokens.peek().kind() == Kind.STRING) {
          text.append(tokens.next().text());
        }
        yield new Expression.Constant(text.toString());
      }
      case INTEGER -> new Expression.Constant(whole(token.text()));
      case FLOAT -> new Expression.Constant(Double.parseDouble(token.text().replace("_", "")));
      case OPERATOR -> bracketed(token);
      default -> throw tokens.unexpected(token);
    };
  }

  private static Expression named(String name) {
    return switch (name) {
      case "true", "True" -> new Expression.Constant(true);
      case "false", "False" -> new Expression.Constant(false);
      case "none", "None" -> new Expression.Constant(null);
      default -> new Expression.Name(name);
    };
  }

  private static Object whole(String digits) {
    String plain = digits.replace("_", "").toLowerCase(Locale.ROOT);
    int radix =
        plain.startsWith("0x") ? 16 : plain.startsWith("0o") ? 8 : plain.startsWith("0b") ? 2 : 10;
    return PythonValues.number(radix == 10 ? plain : plain.substring(2), radix);
  }

  private Expression bracketed(Token token) {
    switch (token.text()) {
      case "(" -> {
        Expression inside =
            tokens.peek().is(")") ? new Expression.Items(List.of(), true) : withCommas();
        tokens.expect(")");
        return inside;
      }
      case "[" -> {
        List<Expression> items = new ArrayList<>();
        while (!tokens.skip("]")) {
          items.add(expression());
          if (!tokens.peek().is("]")) {
            tokens.expect(",");
          }
        }
        return new Expression.Items(items, false);
      }
      case "{" -> {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.skip("}")) {
          keys.add(expression());
          tokens.expect(":");
          values.add(expression());
          if (!tokens.peek().is("}")) {
            tokens.expect(",");
          }
        }
        return new Expression.Pairs(keys, values);
      }
      default -> throw tokens.unexpected(token);
    }
  }

  private Expression postfixes(Expression value) {
    Expression result = value;
    while (true) {
      if (tokens.skip(".")) {
        result = member(result);
      } else if (tokens.skip("[")) {
        result = subscript(result);
      } else if (tokens.peek().is("(")) {
        result = new Expression.Call(result, given());
      } else {
        return result;
      }
    }
  }

  private Expression member(Expression of) {
    Token name = tokens.next();
    return switch (name.kind()) {
      case NAME -> new Expression.Member(of, name.text());
      case INTEGER -> new Expression.Item(of, new Expression.Constant(whole(name.text())));
      default -> throw tokens.unexpected(name);
    };
  }

  private Expression subscript(Expression of) {
    Expression first = tokens.peek().is(":") ? null : expression();
    if (tokens.skip("]")) {
      return new Expression.Item(of, first);
    }
    if (tokens.peek().is(",")) {
      throw TemplateException.unsupported("a subscript of several parts");
    }
    tokens.expect(":");
    Expression stop = part();
    Expression step = tokens.skip(":") ? part() : null;
    tokens.expect("]");
    return new Expression.Slice(of, first, stop, step);
  }

  private Expression part() {
    return tokens.peek().is(":") || tokens.peek().is("]") ? null : expression();
  }

  private Expression filters(Expression value) {
    Expression result = value;
    while (true) {
      if (tokens.skip("|")) {
        result = filter(result);
      } else if (tokens.skipName("is")) {
        result = test(result);
      } else if (tokens.peek().is("(")) {
        result = new Expression.Call(result, given());
      } else {
        return result;
      }
    }
  }

  private Expression filter(Expression value) {
    String name = dotted();
    Filters.Filter filter = Filters.of(name);
    return new Expression.Filtered(
        value, name, filter, tokens.peek().is("(") ? given() : Given.NOTHING);
  }

  private Expression test(Expression value) {
    boolean negated = tokens.skipName("not");
    String name = dotted();
    Tests.Test test = Tests.of(name);
    Given given = Given.NOTHING;
    if (tokens.peek().is("(")) {
      given = given();
    } else if (beginsArgument(tokens.peek())) {
      given = new Given(List.of(postfixes(primary())), Map.of());
    }
    Expression tested = new Expression.Tested(value, name, test, given);
    return negated ? new Expression.Not(tested) : tested;
  }

  private static boolean beginsArgument(Token token) {
    return switch (token.kind()) {
      case NAME -> !NO_ARGUMENT.contains(token.text());
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> token.is("[") || token.is("{");
      default -> false;
    };
  }

  private String dotted() {
    StringBuilder name = new StringBuilder(tokens.name());
    while (tokens.skip(".")) {
      name.append('.').append(tokens.name());
    }
    return name.toString();
  }

  private Given given() {
    tokens.expect("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!tokens.skip(")")) {
      if (tokens.peek().is("*") || tokens.peek().is("**")) {
        throw TemplateException.unsupported("a call with '" + tokens.peek().text() + "'");
      }
      if (tokens.peek().kind() == Kind.NAME && tokens.peek(1).is("=")) {
        String name = tokens.name();
        tokens.expect("=");
        named.put(name, expression());
      } else if (named.isEmpty()) {
        positional.add(expression());
      } else {
        throw tokens.unexpected(tokens.peek());
      }
      if (!tokens.peek().is(")")) {
        tokens.expect(",");
      }
    }
    return new Given(positional, named);
  }
}
