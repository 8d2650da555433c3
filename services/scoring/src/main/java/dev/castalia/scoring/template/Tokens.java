package dev.castalia.scoring.template;

import dev.castalia.scoring.template.Token.Kind;
import java.util.List;

/** A template's tokens, read one after another. */
final class Tokens {

  private final List<Token> tokens;
  private int at;

  /**
   * @param tokens the last of them END
   */
  Tokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return peek(0);
  }

  Token peek(int ahead) {
    return tokens.get(Math.min(at + ahead, tokens.size() - 1));
  }

  /** The next; END again and again once it is reached. */
  Token next() {
    Token token = peek();
    at++;
    return token;
  }

  boolean skip(String operator) {
    boolean found = peek().is(operator);
    at += found ? 1 : 0;
    return found;
  }

  boolean skipName(String name) {
    boolean found = peek().isName(name);
    at += found ? 1 : 0;
    return found;
  }

  void expect(String operator) {
    if (!skip(operator)) {
      throw new TemplateException("'" + operator + "' expected, not " + peek());
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw new TemplateException("'" + name + "' expected, not " + peek());
    }
  }

  void expect(Kind kind, String what) {
    if (next().kind() != kind) {
      at--;
      throw new TemplateException("'" + what + "' expected, not " + peek());
    }
  }

  String name() {
    Token token = next();
    if (token.kind() != Kind.NAME) {
      throw new TemplateException("a name expected, not " + token);
    }
    return token.text();
  }

  TemplateException unexpected(Token token) {
    return new TemplateException("an unexpected " + token);
  }
}
