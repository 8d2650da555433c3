package dev.castalia.scoring.template;

import dev.castalia.scoring.template.Statement.Target;
import dev.castalia.scoring.template.Token.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Reads templates: text, outputs, and the blocks {@code for}, {@code if}, {@code set}, {@code
 * with}.
 */
final class TemplateParser {

  /** jinja2's other blocks. */
  private static final Set<String> UNSUPPORTED =
      Set.of(
          ("autoescape block break call continue debug do extends filter from import include macro"
                  + " pluralize print trans")
              .split(" "));

  private final Tokens tokens;
  private final ExpressionParser expressions;

  private TemplateParser(Tokens tokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens);
  }

  /**
   * @throws TemplateException if the template is wrong, or has what is not supported
   */
  static List<Statement> parse(String source) {
    return new TemplateParser(new Tokens(Lexer.tokens(source))).until();
  }

  /** Up to a block of one of these names, of which the name is the next token; or to the end. */
  private List<Statement> until(String... names) {
    List<Statement> statements = new ArrayList<>();
    while (true) {
      Token token = tokens.next();
      switch (token.kind()) {
        case TEXT -> statements.add(new Statement.Text(token.text()));
        case OUTPUT_BEGIN -> {
          statements.add(new Statement.Output(expressions.withCommas()));
          tokens.expect(Kind.OUTPUT_END, "}}");
        }
        case BLOCK_BEGIN -> {
          if (Arrays.asList(names).contains(tokens.peek().text())) {
            return statements;
          }
          statements.add(block());
        }
        default -> {
          if (names.length > 0) {
            throw new TemplateException("no '" + names[names.length - 1] + "' to a block");
          }
          return statements;
        }
      }
    }
  }

  private Statement block() {
    Token token = tokens.peek();
    String name = tokens.name();
    return switch (name) {
      case "if" -> ifBlock();
      case "for" -> forBlock();
      case "set" -> setBlock();
      case "with" -> withBlock();
      default ->
          throw UNSUPPORTED.contains(name)
              ? TemplateException.unsupported("block '" + name + "'")
              : tokens.unexpected(token);
    };
  }

  private void end() {
    tokens.expect(Kind.BLOCK_END, "%}");
  }

  private List<Statement> body(String... names) {
    end();
    return until(names);
  }

  private Statement ifBlock() {
    Expression condition = expressions.withCommas();
    List<Statement> body = body("elif", "else", "endif");
    List<Statement> otherwise = List.of();
    if (tokens.skipName("elif")) {
      otherwise = List.of(ifBlock());
    } else {
      if (tokens.skipName("else")) {
        otherwise = body("endif");
      }
      tokens.expectName("endif");
      end();
    }
    return new Statement.If(condition, body, otherwise);
  }

  private Statement forBlock() {
    Target target = target();
    tokens.expectName("in");
    Expression iterable = expressions.or();
    if (tokens.peek().is(",")) {
      throw TemplateException.unsupported("a 'for' over a tuple without parentheses");
    }
    Expression condition = tokens.skipName("if") ? expressions.expression() : null;
    if (tokens.peek().isName("recursive")) {
      throw TemplateException.unsupported("a recursive 'for'");
    }
    List<Statement> body = body("else", "endfor");
    List<Statement> otherwise = List.of();
    if (tokens.skipName("else")) {
      otherwise = body("endfor");
    }
    tokens.expectName("endfor");
    end();
    return new Statement.For(target, iterable, condition, body, otherwise);
  }

  private Statement setBlock() {
    Target target = target();
    if (tokens.skip("=")) {
      Expression value = expressions.withCommas();
      end();
      return new Statement.Assign(target, value);
    }
    if (tokens.peek().is("|")) {
      throw TemplateException.unsupported("a filter of a 'set' block");
    }
    List<Statement> body = body("endset");
    tokens.expectName("endset");
    end();
    return new Statement.Capture(target, body);
  }

  private Statement withBlock() {
    List<Target> targets = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (tokens.peek().kind() != Kind.BLOCK_END) {
      targets.add(new Target.Name(tokens.name()));
      tokens.expect("=");
      values.add(expressions.expression());
      if (!tokens.skip(",")) {
        break;
      }
    }
    List<Statement> body = body("endwith");
    tokens.expectName("endwith");
    end();
    return new Statement.With(targets, values, body);
  }

  private Target target() {
    List<Target> targets = new ArrayList<>();
    boolean several = false;
    do {
      if (tokens.peek().kind() != Kind.NAME && !tokens.peek().is("(")) {
        break;
      }
      targets.add(oneTarget());
      several |= tokens.peek().is(",");
    } while (tokens.skip(","));
    if (targets.isEmpty()) {
      throw tokens.unexpected(tokens.peek());
    }
    return several ? new Target.Several(targets) : targets.getFirst();
  }

  private Target oneTarget() {
    if (tokens.skip("(")) {
      Target inside = target();
      tokens.expect(")");
      return inside;
    }
    String name = tokens.name();
    return tokens.skip(".") ? new Target.Attribute(name, tokens.name()) : new Target.Name(name);
  }
}
