package dev.castalia.scoring.template;

import dev.castalia.scoring.tokens.PythonSpace;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern of Python's {@code re} as Java's: what the two read differently is translated, and what
 * Python does not know is refused.
 */
final class PythonPattern {

  /** What {@code \w} takes, for between brackets. Java's also takes marks. */
  static final String WORD = "_\\p{L}\\p{N}";

  private static final String BOUNDARY =
      "(?:(?<=[%1$s])(?![%1$s])|(?<![%1$s])(?=[%1$s]))".formatted(WORD);
  private static final String NO_BOUNDARY =
      "(?:(?<=[%1$s])(?=[%1$s])|(?<![%1$s])(?![%1$s]))".formatted(WORD);
  private static final String SPACE = PythonSpace.REGEX;
  private static final String NO_SPACE = "[^" + SPACE.substring(1);

  private static final Pattern REPETITION = Pattern.compile("\\{(?=[^}])(\\d*)(,\\d*)?}");
  private static final Pattern OCTAL = Pattern.compile("0[0-7]{0,2}|[1-3][0-7]{2}");
  private static final Pattern CODE =
      Pattern.compile("x\\p{XDigit}{2}|u\\p{XDigit}{4}|U\\p{XDigit}{8}");

  /** More than that many times, one within another, is taken for a mistake. */
  private static final long MOST_TIMES = 1_000_000;

  private final String python;
  private final StringBuilder java = new StringBuilder();

  /** How often at least what is in each open group, the whole being one, is gone through. */
  private final Deque<Long> times = new ArrayDeque<>();

  private int at;

  private PythonPattern(String python) {
    this.python = python;
  }

  /**
   * Matches that pay for what they read, however often they go back.
   *
   * @throws TemplateException if the pattern is wrong, or Java has nothing like it
   */
  static Matcher matcher(String python, String text) {
    PythonPattern translation = new PythonPattern(python);
    long times = translation.translate();
    Budget.spend(text.length() * times);
    try {
      return Pattern.compile(
              translation.java.toString(), Pattern.UNIX_LINES | Pattern.UNICODE_CHARACTER_CLASS)
          .matcher(new Paid(text, times));
    } catch (PatternSyntaxException e) {
      throw translation.wrong(e.getDescription());
    }
  }

  /** How often at least one place of the text is tried. */
  private long translate() {
    times.push(1L);
    long last = 1;
    while (at < python.length()) {
      char c = python.charAt(at);
      Matcher repetition = REPETITION.matcher(python).region(at, python.length());
      if (c == '{' && repetition.lookingAt()) {
        last = repeated(repetition, last);
      } else if (c == ')') {
        last = times.size() > 1 ? times.pop() : 1;
        put(1, ")");
      } else {
        last = 1;
        one(c);
      }
      times.push(Math.max(times.pop(), last));
    }
    return times.getLast();
  }

  private void one(char c) {
    switch (c) {
      case '\\' -> escape(false);
      case '[' -> characters();
      case '{' -> put(1, "\\{");
      case '(' -> {
        times.push(1L);
        group();
      }
      default -> put(1, String.valueOf(c));
    }
  }

  private void group() {
    if (python.startsWith("(?P<", at)) {
      put(4, "(?<");
    } else if (python.startsWith("(?P=", at) && python.indexOf(')', at) > 0) {
      int end = python.indexOf(')', at);
      put(end - at, "(?:\\k<" + python.substring(at + 4, end) + ">");
    } else {
      put(1, "(");
    }
  }

  private long repeated(Matcher repetition, long what) {
    String least = repetition.group(1).isEmpty() ? "0" : repetition.group(1);
    long times = least.length() > 9 ? MOST_TIMES + 1 : what * Math.max(1, Long.parseLong(least));
    if (times > MOST_TIMES) {
      throw wrong("it repeats something more than " + MOST_TIMES + " times");
    }
    String most = repetition.group(2) == null ? "" : repetition.group(2);
    put(repetition.end() - at, "{" + least + most + "}");
    return times;
  }

  /** What is between brackets, where Java has sets within sets. */
  private void characters() {
    put(1, "[");
    if (at < python.length() && python.charAt(at) == '^') {
      put(1, "^");
    }
    for (int first = at; at < python.length(); ) {
      char c = python.charAt(at);
      if (c == '\\') {
        escape(true);
      } else if (c == ']' && at > first) {
        put(1, "]");
        return;
      } else {
        put(1, "[]&# ".indexOf(c) >= 0 ? "\\" + c : String.valueOf(c));
      }
    }
    throw wrong("a '[' without a ']'");
  }

  private void escape(boolean inBrackets) {
    at++;
    if (at == python.length()) {
      throw wrong("a '\\' at its end");
    }
    Matcher octal = OCTAL.matcher(python).region(at, python.length());
    Matcher code = CODE.matcher(python).region(at, python.length());
    char c = python.charAt(at);
    if (octal.lookingAt()) {
      put(octal.group().length(), "\\x{%x}".formatted(Integer.parseInt(octal.group(), 8)));
    } else if (code.lookingAt()) {
      put(code.group().length(), "\\x{" + code.group().substring(1) + "}");
    } else if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || Character.isDigit(c) && inBrackets) {
      put(1, inBrackets ? letterInBrackets(c) : letter(c));
    } else {
      put(1, "\\" + c);
    }
  }

  private String letter(char c) {
    return switch (c) {
      case 'w' -> "[" + WORD + "]";
      case 'b' -> BOUNDARY;
      case 'B' -> NO_BOUNDARY;
      case 'A' -> "\\A";
      case 'Z' -> "\\z";
      default -> letterInBrackets(c);
    };
  }

  private String letterInBrackets(char c) {
    return switch (c) {
      case 'w' -> WORD;
      case 'W' -> "[^" + WORD + "]";
      case 's' -> SPACE;
      case 'S' -> NO_SPACE;
      case 'b' -> "\\x08";
      case 'v' -> "\\x0B";
      case 'd', 'D', 'a', 'f', 'n', 'r', 't' -> "\\" + c;
      default -> throw wrong("a bad escape \\" + c);
    };
  }

  private void put(int read, String translated) {
    at += read;
    java.append(translated);
  }

  private TemplateException wrong(String why) {
    return new TemplateException("the pattern '" + python + "' cannot be read: " + why);
  }

  /** A text that is paid for character by character. */
  private record Paid(String text, long times) implements CharSequence {

    private static final int READ = 50;

    @Override
    public char charAt(int index) {
      Budget.spend(READ * times);
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
