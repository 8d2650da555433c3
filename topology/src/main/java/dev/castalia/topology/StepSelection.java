package dev.castalia.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * Which training steps are meant: comma-separated items, of which one must hold. An item is {@code
 * all}; {@code log}, the steps 0, 2^k and 1000·2^k; {@code every:N}, the multiples of N; {@code
 * A..B}, both included; or one step.
 */
public final class StepSelection {

  private final String text;
  private final List<LongPredicate> items;

  private StepSelection(String text, List<LongPredicate> items) {
    this.text = text;
    this.items = items;
  }

  /**
   * @throws IllegalArgumentException naming the item that is not one
   */
  public static StepSelection parse(String text) {
    List<LongPredicate> items = new ArrayList<>();
    for (String item : text.split(",", -1)) {
      items.add(item(item.strip()));
    }
    return new StepSelection(text, items);
  }

  public boolean contains(long step) {
    for (LongPredicate item : items) {
      if (item.test(step)) {
        return true;
      }
    }
    return false;
  }

  private static LongPredicate item(String item) {
    if (item.equals("all")) {
      return step -> true;
    }
    if (item.equals("log")) {
      return step -> step == 0 || isPowerOfTwo(step) || isPowerOfTwo(step, 1000);
    }
    if (item.startsWith("every:")) {
      long every = number(item, item.substring("every:".length()));
      if (every == 0) {
        throw notSteps(item);
      }
      return step -> step % every == 0;
    }
    int dots = item.indexOf("..");
    if (dots > 0) {
      long first = number(item, item.substring(0, dots));
      long last = number(item, item.substring(dots + 2));
      if (last < first) {
        throw notSteps(item);
      }
      return step -> first <= step && step <= last;
    }
    long only = number(item, item);
    return step -> step == only;
  }

  private static boolean isPowerOfTwo(long step, long unit) {
    return step % unit == 0 && isPowerOfTwo(step / unit);
  }

  private static boolean isPowerOfTwo(long number) {
    return number > 0 && Long.bitCount(number) == 1;
  }

  private static long number(String item, String digits) {
    try {
      long number = Long.parseLong(digits);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw notSteps(item);
  }

  private static IllegalArgumentException notSteps(String item) {
    return new IllegalArgumentException(
        "\""
            + item
            + "\" is not a selection of steps: write all, log, every:N, A..B with A not above B, or a"
            + " step, and join several with commas");
  }

  @Override
  public String toString() {
    return text;
  }
}
