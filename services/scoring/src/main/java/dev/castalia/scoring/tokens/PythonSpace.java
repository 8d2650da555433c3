package dev.castalia.scoring.tokens;

/**
 * White space as Python's {@code str} knows it ({@code str.isspace}, {@code str.rstrip} and {@code
 * \s} in {@code re}): Unicode's, with the information separators. Java's own notions differ.
 */
public final class PythonSpace {

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
  public static int endWithoutSpace(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return end;
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
