package dev.castalia.topology;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When something that changed is published.
 *
 * @param every how often at most
 * @param nanoTime the clock that work is measured by, in nanoseconds
 */
public record Rhythm(Duration every, LongSupplier nanoTime) {

  /** The same, so many times slower. */
  public Rhythm slower(int times) {
    return new Rhythm(every.multipliedBy(times), nanoTime);
  }

  /** A pace by the same clock. */
  public Pace pace(int rest) {
    return new Pace(rest, nanoTime);
  }
}
