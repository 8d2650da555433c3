package dev.castalia.topology;

import java.util.function.LongSupplier;

/**
 * How often something is published: not again before a rest that is a multiple of what the last
 * time took. Where there is little to tell, that is at once; where hundreds of things change and
 * keep changing, what comes in goes on being taken in. For one thread.
 */
public final class Pace {

  private final Share share;
  private final LongSupplier nanoTime;
  private long restsUntil = Long.MIN_VALUE;

  /**
   * @param share what says how many times longer than the work the rest is
   * @param nanoTime the clock that the work is measured by, in nanoseconds
   */
  Pace(Share share, LongSupplier nanoTime) {
    this.share = share;
    this.nanoTime = nanoTime;
  }

  /**
   * Does the work, unless it rests.
   *
   * @param now in milliseconds since the epoch: the rest ends by it
   */
  public void run(long now, Runnable work) {
    if (now < restsUntil) {
      return;
    }
    long start = nanoTime.getAsLong();
    work.run();
    long took = nanoTime.getAsLong() - start;
    restsUntil = now + (1 + share.rest(this, now)) * took / 1_000_000;
    share.rests(this, restsUntil);
  }
}
