package dev.castalia.scoring.tokens;

import java.util.ArrayList;
import java.util.List;

/**
 * White space as Python's {@code str} knows it ({@code str.isspace}, {@code str.rstrip} and {@code
 * \s} in {@code re}): Unicode's, with the information separators. Java's own notions differ.
 */
public final class PythonSpace {

  /** {@code \\s} of {@code re}, for a Java pattern. */
  public static final String REGEX =
      "[\\x09-\\x0D\\x1C-\\x20\\x85\\xA0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000]";

  private PythonSpace() {}

  public static boolean isSpace(int codePoint) {
    return switch (codePoint) {
      case 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
      default ->
          codePoint >= 0x09 && codePoint <= 0x0D
              || codePoint >= 0x1C && codePoint <= 0x20
              || codePoint >= 0x2000 && codePoint <= 0x200A;
    };
  }

  /** Length of the text without the white space at its end. All white space is in one char. */
  static int endWithoutSpace(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  /** As {@code str.strip()}. */
  public static String strip(String text) {
    int end = endWithoutSpace(text);
    int start = 0;
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    return text.substring(start, end);
  }

  /** As {@code str.split()}: the parts between runs of white space, none of them empty. */
  public static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || isSpace(text.charAt(i))) {
        if (i > from) {
          parts.add(text.substring(from, i));
        }
        from = i + 1;
      }
    }
    return parts;
  }

  /** How many parts {@code re.split(r"\s+", text)} gives: one more than the runs of white space. */
  public static int words(String text) {
    int runs = 0;
    boolean inRun = false;
    for (int i = 0; i < text.length(); i++) {
      boolean space = isSpace(text.charAt(i));
      if (space && !inRun) {
        runs++;
      }
      inRun = space;
    }
    return runs + 1;
  }
}
