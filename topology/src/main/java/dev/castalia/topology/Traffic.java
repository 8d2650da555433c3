package dev.castalia.topology;

/**
 * How fast scores come in.
 *
 * <p>Safe for use by several threads.
 */
public final class Traffic {

  private long second;
  private int inSecond;
  private int inSecondBefore;

  /**
   * A score came in.
   *
   * @param now in milliseconds since the epoch
   */
  public synchronized void score(long now) {
    turn(now);
    inSecond++;
  }

  /**
   * How many came in a second, in all partitions of this process.
   *
   * @param now in milliseconds since the epoch
   */
  synchronized int perSecond(long now) {
    turn(now);
    return Math.max(inSecond, inSecondBefore);
  }

  private void turn(long now) {
    long current = now / 1000;
    if (current > second) {
      inSecondBefore = current == second + 1 ? inSecond : 0;
      inSecond = 0;
      second = current;
    }
  }
}
