package dev.castalia.scoring;

import java.util.regex.Pattern;

/** Text that others wrote, as it can be shown: a terminal obeys nothing in it. */
public final class PlainText {

  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}&&[^\\n\\t]]");

  private PlainText() {}

  /** The text with U+FFFD for every control character but newlines and tabs. */
  public static String of(String text) {
    return CONTROL.matcher(text).replaceAll("\uFFFD");
  }
}
