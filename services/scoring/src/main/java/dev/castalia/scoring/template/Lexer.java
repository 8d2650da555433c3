package dev.castalia.scoring.template;

import dev.castalia.scoring.template.Token.Kind;
import dev.castalia.scoring.tokens.PythonSpace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens as jinja2's lexer does with its own delimiters, {@code trim_blocks}
 * and {@code lstrip_blocks} off and {@code keep_trailing_newline} on.
 */
final class Lexer {

  private static final Pattern LINE_BREAK = Pattern.compile("\r\n|\r");
  private static final Pattern RAW =
      Pattern.compile("\\{%[-+]?" + PythonSpace.REGEX + "*raw" + PythonSpace.REGEX + "*(-?)%}");
  private static final Pattern END_RAW =
      Pattern.compile(
          "\\{%([-+]?)" + PythonSpace.REGEX + "*endraw" + PythonSpace.REGEX + "*([-+]?)%}");
  private static final Pattern SPACE = Pattern.compile(PythonSpace.REGEX + "+");
  private static final Pattern NAME =
      Pattern.compile("[\\p{L}\\p{Nl}_][\\p{L}\\p{Nl}\\p{Mn}\\p{Mc}\\p{Nd}\\p{Pc}]*");
  private static final Pattern FLOAT =
      Pattern.compile("(\\d+_)*\\d+((\\.(\\d+_)*\\d+)?[eE][+-]?(\\d+_)*\\d+|\\.(\\d+_)*\\d+)");
  private static final Pattern INTEGER =
      Pattern.compile("0[bB](_?[01])+|0[oO](_?[0-7])+|0[xX](_?[0-9a-fA-F])+|[1-9](_?\\d)*|0(_?0)*");
  private static final Pattern STRING =
      Pattern.compile("'(?:[^'\\\\]|\\\\.)*+'|\"(?:[^\"\\\\]|\\\\.)*+\"", Pattern.DOTALL);
  private static final Pattern OPERATOR =
      Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+*/%~\\[\\](){}<>=.:|,;]");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private boolean stripNext;
  private int counted;
  private int line = 1;

  private Lexer(String source) {
    this.source = LINE_BREAK.matcher(source).replaceAll("\n");
  }

  /** The tokens, the last of them END. */
  static List<Token> tokens(String source) {
    return new Lexer(source).tokens();
  }

  private List<Token> tokens() {
    while (at < source.length()) {
      int open = opening();
      if (open < 0) {
        text(source.substring(at), false);
        at = source.length();
        break;
      }
      char mark = source.charAt(open + 1);
      Matcher raw = RAW.matcher(source).region(open, source.length());
      boolean strip = source.startsWith("-", open + 2);
      text(source.substring(at, open), strip);
      at = open;
      if (raw.lookingAt()) {
        raw(raw);
        continue;
      }
      at = open + (strip || source.startsWith("+", open + 2) ? 3 : 2);
      if (mark == '#') {
        comment();
      } else {
        boolean block = mark == '%';
        add(block ? Kind.BLOCK_BEGIN : Kind.OUTPUT_BEGIN, block ? "{%" : "{{");
        inside(block);
      }
    }
    add(Kind.END, "");
    return tokens;
  }

  /** Where the next <code>{{</code>, <code>{%</code> or <code>{#</code> is; below 0 for nowhere. */
  private int opening() {
    for (int i = source.indexOf('{', at); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private void text(String text, boolean stripEnd) {
    String put = PythonMethods.strip(text, null, stripNext, stripEnd);
    stripNext = false;
    if (!put.isEmpty()) {
      tokens.add(new Token(Kind.TEXT, put, line()));
    }
  }

  private void raw(Matcher raw) {
    stripNext = raw.group(1).equals("-");
    at = raw.end();
    Matcher end = END_RAW.matcher(source);
    if (!end.find(at)) {
      throw new TemplateException("a 'raw' without an 'endraw'");
    }
    text(source.substring(at, end.start()), end.group(1).equals("-"));
    at = end.end();
    stripNext = end.group(2).equals("-");
  }

  private void comment() {
    int end = source.indexOf("#}", at);
    if (end < 0) {
      throw new TemplateException("a comment without an end");
    }
    stripNext = end > at && source.charAt(end - 1) == '-';
    at = end + 2;
  }

  /** What is between delimiters. A delimiter within braces or brackets does not count as one. */
  private void inside(boolean block) {
    String end = block ? "%}" : "}}";
    Deque<String> open = new ArrayDeque<>();
    while (true) {
      skipSpace();
      if (at >= source.length()) {
        throw new TemplateException("no '" + end + "' to what begins in line " + line());
      }
      if (open.isEmpty()) {
        boolean strips = source.startsWith("-" + end, at);
        if (strips || source.startsWith(end, at) || block && source.startsWith("+%}", at)) {
          add(block ? Kind.BLOCK_END : Kind.OUTPUT_END, end);
          at += source.startsWith(end, at) ? 2 : 3;
          stripNext = strips;
          return;
        }
      }
      one(open);
    }
  }

  private void one(Deque<String> open) {
    if (take(FLOAT, Kind.FLOAT) || take(INTEGER, Kind.INTEGER) || take(NAME, Kind.NAME)) {
      return;
    }
    Matcher string = STRING.matcher(source).region(at, source.length());
    if (string.lookingAt()) {
      add(Kind.STRING, unescaped(string.group().substring(1, string.group().length() - 1)));
      at = string.end();
    } else if (take(OPERATOR, Kind.OPERATOR)) {
      balance(tokens.getLast().text(), open);
    } else {
      throw new TemplateException(
          "'%s' in line %d is not of an expression"
              .formatted(Character.toString(source.codePointAt(at)), line()));
    }
  }

  private String unescaped(String inside) {
    try {
      return PythonLiteral.unescape(inside);
    } catch (IllegalArgumentException e) {
      throw new TemplateException("the text in line " + line() + " is " + e.getMessage());
    }
  }

  private void balance(String operator, Deque<String> open) {
    switch (operator) {
      case "(" -> open.push(")");
      case "[" -> open.push("]");
      case "{" -> open.push("}");
      case ")", "]", "}" -> {
        if (open.isEmpty() || !open.pop().equals(operator)) {
          throw new TemplateException("an unexpected '" + operator + "' in line " + line());
        }
      }
      default -> {}
    }
  }

  private boolean take(Pattern pattern, Kind kind) {
    Matcher matcher = pattern.matcher(source).region(at, source.length());
    if (!matcher.lookingAt()) {
      return false;
    }
    add(kind, matcher.group());
    at = matcher.end();
    return true;
  }

  private void skipSpace() {
    Matcher space = SPACE.matcher(source).region(at, source.length());
    if (space.lookingAt()) {
      at = space.end();
    }
  }

  private void add(Kind kind, String text) {
    tokens.add(new Token(kind, text, line()));
  }

  /** Each line end is counted once: a template has as many tokens as whoever wrote it likes. */
  private int line() {
    for (int end = Math.min(at, source.length()); counted < end; counted++) {
      if (source.charAt(counted) == '\n') {
        line++;
      }
    }
    return line;
  }
}
