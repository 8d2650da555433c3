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

  /** What comes in meanwhile waits for so long, or for one key. */
  private static final Duration TURN = Duration.ofMillis(20);

  /** A pace by the same clock. */
  public Pace pace() {
    return new Pace(share, nanoTime);
  }

  /** Whether there is time left in a turn that begins now. */
  public BooleanSupplier turn() {
    long until = nanoTime.getAsLong() + TURN.toNanos();
    return () -> nanoTime.getAsLong() < until;
  }
}
