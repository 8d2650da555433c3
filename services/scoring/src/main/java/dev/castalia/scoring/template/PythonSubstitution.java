package dev.castalia.scoring.template;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code re.sub}. */
final class PythonSubstitution {

  private static final Pattern ESCAPE =
      Pattern.compile("\\\\(?:([1-9]\\d?)|g<(\\w+)>|(.))", Pattern.DOTALL);
  private static final String ESCAPED = "abfnrtv\\";

  /** A part of what is put in: a text, or what a group matched. */
  private sealed interface Part {

    String in(Matcher match);

    record Text(String text) implements Part {

      @Override
      public String in(Matcher match) {
        return text;
      }
    }

    record Group(int number) implements Part {

      @Override
      public String in(Matcher match) {
        return match.group(number) == null ? "" : match.group(number);
      }
    }
  }

  private PythonSubstitution() {}

  /**
   * @param most replacements; 0 for all
   * @throws TemplateException if the pattern or the replacement is wrong
   */
  static String of(String text, String pattern, String replacement, long most) {
    Matcher matcher = PythonPattern.matcher(pattern, text);
    List<Part> parts = parts(replacement, matcher);
    StringBuilder out = new StringBuilder();
    int from = 0;
    try {
      long left = most == 0 ? Long.MAX_VALUE : most;
      while (left > 0 && matcher.find()) {
        if (isWithinCharacter(text, matcher.start())) {
          continue;
        }
        out.append(text, from, matcher.start());
        Budget.read(parts).forEach(part -> Budget.bounded(out.append(part.in(matcher))));
        from = matcher.end();
        left--;
      }
    } catch (StackOverflowError e) {
      throw new TemplateException(
          "the pattern '" + pattern + "' repeats a group too often in one match; make it simpler");
    }
    return out.append(text, from, text.length()).toString();
  }

  /** Where Java goes on after it matched nothing before a character of two chars. */
  private static boolean isWithinCharacter(String text, int at) {
    return at > 0
        && at < text.length()
        && Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at));
  }

  private static List<Part> parts(String replacement, Matcher matcher) {
    List<Part> parts = new ArrayList<>();
    Matcher escape = ESCAPE.matcher(replacement);
    int from = 0;
    while (escape.find()) {
      parts.add(new Part.Text(replacement.substring(from, escape.start())));
      parts.add(
          escape.group(3) == null
              ? group(escape, replacement, matcher)
              : new Part.Text(unescaped(escape.group(), replacement)));
      from = escape.end();
    }
    parts.add(new Part.Text(replacement.substring(from)));
    return parts;
  }

  private static Part group(Matcher escape, String replacement, Matcher matcher) {
    String name = escape.group(1) == null ? escape.group(2) : escape.group(1);
    Integer number =
        name.matches("\\d{1,9}")
            ? (Integer) Integer.parseInt(name)
            : matcher.namedGroups().get(name);
    if (number == null || number > matcher.groupCount()) {
      throw new TemplateException(
          "the replacement '%s' has '%s', but the pattern no such group"
              .formatted(replacement, escape.group()));
    }
    return new Part.Group(number);
  }

  private static String unescaped(String escape, String replacement) {
    char c = escape.charAt(1);
    if (ESCAPED.indexOf(c) >= 0) {
      return PythonLiteral.unescape(escape);
    }
    if (c == '0') {
      throw TemplateException.unsupported("'\\0' in the replacement '" + replacement + "'");
    }
    if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
      throw new TemplateException(
          "the replacement '" + replacement + "' has a bad escape " + escape);
    }
    return escape;
  }
}
