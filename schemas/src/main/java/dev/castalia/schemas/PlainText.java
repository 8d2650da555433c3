package dev.castalia.schemas;

import java.util.regex.Pattern;

/** Text that others wrote, as it can be shown: a terminal obeys nothing in it. */
public final class PlainText {

  private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");
  private static final Pattern NO_LAYOUT = Pattern.compile("[\\p{Cc}&&[^\\n\\t]]");

  private PlainText() {}

  /** The text with U+FFFD for every control character but newlines and tabs. */
  public static String of(String text) {
    return NO_LAYOUT.matcher(text).replaceAll("\uFFFD");
  }

  /** The text with U+FFFD for every control character, newlines and tabs, too. */
  public static String line(String text) {
    return CONTROL.matcher(text).replaceAll("\uFFFD");
  }

  /** Whether it holds no control character. */
  public static boolean isLine(String text) {
    return !CONTROL.matcher(text).find();
  }
}
