package dev.castalia.topology;

/**
 * How often something is published: not again before a rest that is a multiple of what the last
 * time took. Where there is little to tell, that is at once; where hundreds of things change and
 * keep changing, what comes in goes on being taken in. For one thread.
 */
public final class Pace {

  private final int rest;
  private long restsUntil = Long.MIN_VALUE;

  /**
   * @param rest how many times longer than the work the rest is
   */
  public Pace(int rest) {
    this.rest = rest;
  }

  /**
   * Does the work, unless it rests.
   *
   * @param now in milliseconds since the epoch; tests set that clock, so the rest ends by it
   */
  public void run(long now, Runnable work) {
    if (now < restsUntil) {
      return;
    }
    long start = System.nanoTime();
    work.run();
    restsUntil = now + (1 + rest) * (System.nanoTime() - start) / 1_000_000;
  }
}
