package dev.castalia.schemas;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * A pattern over names, in which * stands for any characters and ? for one.
 *
 * <p>It is not made a regular expression: one with a dozen * takes minutes for a long name, and
 * whoever may read may send a pattern.
 */
public final class Glob {

  private final int[] pattern;

  private Glob(int[] pattern) {
    this.pattern = pattern;
  }

  public static Glob of(String pattern) {
    return new Glob(pattern.codePoints().toArray());
  }

  /**
   * What matches one of some patterns.
   *
   * @param patterns comma-separated; null for everything
   */
  public static Predicate<String> anyOf(String patterns) {
    if (patterns == null) {
      return name -> true;
    }
    List<Glob> globs =
        Arrays.stream(patterns.split(",", -1)).map(it -> Glob.of(it.strip())).toList();
    return name -> globs.stream().anyMatch(it -> it.matches(name));
  }

  /** Whether the whole name matches. */
  public boolean matches(String name) {
    int at = 0;
    int next = 0;
    int star = -1;
    // Where in the name goes on what follows the last star: a star before it need take no more.
    int afterStar = 0;
    while (at < name.length()) {
      int c = name.codePointAt(at);
      if (next < pattern.length && pattern[next] == '*') {
        star = next++;
        afterStar = at;
      } else if (next < pattern.length && (pattern[next] == '?' || pattern[next] == c)) {
        next++;
        at += Character.charCount(c);
      } else if (star >= 0) {
        next = star + 1;
        afterStar += Character.charCount(name.codePointAt(afterStar));
        at = afterStar;
      } else {
        return false;
      }
    }
    while (next < pattern.length && pattern[next] == '*') {
      next++;
    }
    return next == pattern.length;
  }
}
