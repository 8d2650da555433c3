package dev.castalia.topology;

/**
 * How fast scores come in. Work that can wait does while they come in fast.
 *
 * <p>Safe for use by several threads.
 */
public final class Traffic {

  /** In a second, in all partitions of this process. */
  private static final int HEAVY = 100;

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
   * @param now in milliseconds since the epoch
   */
  public synchronized boolean isHeavy(long now) {
    turn(now);
    return Math.max(inSecond, inSecondBefore) >= HEAVY;
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
