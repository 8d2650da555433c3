package dev.castalia.topology;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * When something that changed is published.
 *
 * @param every how often at most
 * @param share how much of the time it takes at most
 * @param nanoTime the clock that work is measured by, in nanoseconds
 */
public record Rhythm(Duration every, Share share, LongSupplier nanoTime) {

  /** A pace by the same clock. */
  public Pace pace() {
    return new Pace(share, nanoTime);
  }

  /** Whether that long has not passed since now. */
  public BooleanSupplier within(Duration time) {
    long until = nanoTime.getAsLong() + time.toNanos();
    return () -> nanoTime.getAsLong() < until;
  }
}
