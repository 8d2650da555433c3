package dev.castalia.scoring.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what {@code ast.literal_eval} reads, as far as task files use it: strings, numbers, True,
 * False, None, lists, tuples (as lists) and dictionaries.
 */
public final class PythonLiteral {

  /** Brackets within brackets that Python's parser takes. */
  private static final int DEEPEST = 200;

  private final String text;
  private int at;
  private int depth;

  private PythonLiteral(String text) {
    this.text = text;
  }

  /**
   * @throws IllegalArgumentException if the text is not one literal
   */
  public static Object parse(String text) {
    PythonLiteral literal = new PythonLiteral(text);
    // literal_eval strips blanks and tabs at the front; newlines inside brackets are white space.
    Object value = literal.value();
    literal.skipSpace();
    if (literal.at < text.length()) {
      throw literal.wrong("something after the literal");
    }
    return value;
  }

  /** What the inside of a string, without its quotes, stands for. */
  static String unescape(String inside) {
    PythonLiteral literal = new PythonLiteral(inside);
    StringBuilder out = new StringBuilder();
    while (literal.at < inside.length()) {
      if (literal.peek() == '\\') {
        literal.escape(out);
      } else {
        out.append(literal.peek());
        literal.at++;
      }
    }
    return out.toString();
  }

  private Object value() {
    skipSpace();
    char c = peek();
    if (c == '[') {
      return items('[', ']');
    }
    if (c == '(') {
      return tuple();
    }
    if (c == '{') {
      return dictionary();
    }
    if (c == '\'' || c == '"') {
      return strings();
    }
    if (c == '-' || c == '+' || c == '.' || Character.isDigit(c)) {
      return number();
    }
    return name();
  }

  private Object tuple() {
    int open = at;
    List<Object> items = items('(', ')');
    boolean comma = text.substring(open, at - 1).stripTrailing().endsWith(",");
    return items.size() == 1 && !comma ? items.getFirst() : items;
  }

  private List<Object> items(char open, char close) {
    open(open);
    List<Object> items = new ArrayList<>();
    skipSpace();
    while (peek() != close) {
      items.add(value());
      skipSpace();
      if (peek() != close) {
        expect(',');
        skipSpace();
      }
    }
    close(close);
    return items;
  }

  private Map<Object, Object> dictionary() {
    open('{');
    Map<Object, Object> map = new LinkedHashMap<>();
    skipSpace();
    while (peek() != '}') {
      Object key = value();
      skipSpace();
      expect(':');
      map.put(key, value());
      skipSpace();
      if (peek() != '}') {
        expect(',');
        skipSpace();
      }
    }
    close('}');
    return map;
  }

  private String strings() {
    StringBuilder out = new StringBuilder();
    while (at < text.length() && (text.charAt(at) == '\'' || text.charAt(at) == '"')) {
      string(out);
      skipSpace();
    }
    return out.toString();
  }

  private void string(StringBuilder out) {
    char quote = text.charAt(at);
    String triple = String.valueOf(quote).repeat(3);
    String end = text.startsWith(triple, at) ? triple : String.valueOf(quote);
    at += end.length();
    while (!text.startsWith(end, at)) {
      char c = peek();
      if (c == '\\') {
        escape(out);
      } else if (c == '\n' && end.length() == 1) {
        throw wrong("a line break in a string");
      } else {
        out.append(c);
        at++;
      }
    }
    at += end.length();
  }

  private void escape(StringBuilder out) {
    at++;
    char c = peek();
    at++;
    switch (c) {
      case '\n' -> {}
      case 'n' -> out.append('\n');
      case 't' -> out.append('\t');
      case 'r' -> out.append('\r');
      case 'a' -> out.append('\u0007');
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'v' -> out.append('\u000B');
      case '\\', '\'', '"' -> out.append(c);
      case 'x' -> out.appendCodePoint(digits(2, 16));
      case 'u' -> out.appendCodePoint(digits(4, 16));
      case 'U' -> out.appendCodePoint(digits(8, 16));
      default -> {
        if (c >= '0' && c <= '7') {
          at--;
          int length = 1;
          while (length < 3 && at + length < text.length() && octal(text.charAt(at + length))) {
            length++;
          }
          out.appendCodePoint(digits(length, 8));
        } else {
          out.append('\\').append(c);
        }
      }
    }
  }

  private static boolean octal(char c) {
    return c >= '0' && c <= '7';
  }

  private int digits(int length, int radix) {
    if (at + length > text.length()) {
      throw wrong("a cut escape");
    }
    try {
      int value = Integer.parseInt(text, at, at + length, radix);
      at += length;
      return Character.isValidCodePoint(value) ? value : 0xFFFD;
    } catch (NumberFormatException e) {
      throw wrong("a bad escape");
    }
  }

  private Object number() {
    int from = at;
    while (at < text.length() && "+-.eE_0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String digits = text.substring(from, at).replace("_", "");
    try {
      if (digits.matches("[+-]?\\d+")) {
        if (digits.length() > PythonValues.MOST_DIGITS) {
          throw wrong("a number of more than " + PythonValues.MOST_DIGITS + " digits");
        }
        BigInteger whole = new BigInteger(digits);
        return whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : whole;
      }
      return Double.parseDouble(digits);
    } catch (NumberFormatException e) {
      throw wrong("a bad number");
    }
  }

  private Object name() {
    int from = at;
    while (at < text.length() && Character.isLetter(text.charAt(at))) {
      at++;
    }
    return switch (text.substring(from, at)) {
      case "True" -> true;
      case "False" -> false;
      case "None" -> null;
      default -> {
        at = from;
        throw wrong("something that is no literal");
      }
    };
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n\f".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() {
    if (at >= text.length()) {
      throw wrong("the end");
    }
    return text.charAt(at);
  }

  private void open(char bracket) {
    expect(bracket);
    if (++depth > DEEPEST) {
      throw wrong("more than " + DEEPEST + " brackets within each other");
    }
  }

  private void close(char bracket) {
    expect(bracket);
    depth--;
  }

  private void expect(char c) {
    if (peek() != c) {
      throw wrong("no '" + c + "'");
    }
    at++;
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(
        "not a Python literal, " + what + " at character " + (at + 1) + ": " + text);
  }
}
