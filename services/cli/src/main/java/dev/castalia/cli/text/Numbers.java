package dev.castalia.cli.text;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them, in every locale the same. */
public final class Numbers {

  private static final double LARGE = 1e5;

  private Numbers() {}

  /** With four decimals; large values with four digits in all. */
  public static String value(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    return format(Math.abs(value) < LARGE ? "%.4f" : "%.3e", value);
  }

  /** A value with its sign, as differences have one: +0.0300, −0.0100. */
  public static String signed(double value) {
    return (value > 0 ? "+" : "") + value(value).replace('-', '−');
  }

  /** 92 %. */
  public static String percent(double share) {
    return format("%.0f %%", 100 * share);
  }

  /** A value and its standard error, where it has one. */
  public static String withError(double value, Double stderr) {
    return stderr == null || !Double.isFinite(stderr)
        ? value(value)
        : value(value) + " ± " + value(stderr);
  }

  /**
   * A value and its standard error, where it has one.
   *
   * @param value null where it is not finite
   * @param notFinite what it is then
   */
  public static String withError(Double value, String notFinite, Double stderr) {
    return value == null ? String.valueOf(notFinite) : withError(value, stderr);
  }

  /** 12,345. */
  public static String count(long count) {
    return format("%,d", count);
  }

  /**
   * 1 task, 12,345 tasks.
   *
   * @param one the thing's name, whose plural has an s
   */
  public static String count(long count, String one) {
    return count(count) + " " + one + (count == 1 ? "" : "s");
  }

  /** With a unit's prefix: 950, 12.3k, 1.05M. */
  public static String amount(double amount) {
    String[] prefixes = {"", "k", "M", "G", "T", "P", "E"};
    int prefix = 0;
    double left = amount;
    while (left >= 999.5 && prefix < prefixes.length - 1) {
      left /= 1000;
      prefix++;
    }
    String form = left >= 99.95 || (prefix == 0 && left == Math.rint(left)) ? "%.0f" : "%.1f";
    return format(form, left) + prefixes[prefix];
  }

  /** A number of parameters as models are named by it: 950k, 70.4M, 11.8B. */
  public static String parameters(double parameters) {
    return amount(parameters).replace('G', 'B');
  }

  /** 12 s, 1 min 13 s, 2 h 05 min, 3 d 04 h: its two largest parts. */
  public static String duration(Duration duration) {
    long seconds = Math.max(0, Math.round(duration.toMillis() / 1000.0));
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return format("%d min %02d s", seconds / 60, seconds % 60);
    }
    long minutes = Math.round(seconds / 60.0);
    return minutes < 24 * 60
        ? format("%d h %02d min", minutes / 60, minutes % 60)
        : format("%d d %02d h", minutes / (24 * 60), minutes / 60 % 24);
  }

  private static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }
}
