package dev.castalia.gateway.api;

/** JSON has no NaN and no infinity: such a value is given as null, with its name beside it. */
public final class Numbers {

  private Numbers() {}

  /** The value, or null where it is not finite. */
  public static Double finite(Double value) {
    return value == null || !Double.isFinite(value) ? null : value;
  }

  /** NaN, Infinity or -Infinity; null for a finite value. */
  public static String notFinite(double value) {
    return Double.isFinite(value) ? null : Double.toString(value);
  }
}
