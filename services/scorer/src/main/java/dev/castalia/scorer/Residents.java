package dev.castalia.scorer;

import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The models of this process in one device's memory: side by side as long as that suffices, and
 * alone where it did not. Who wants to be alone waits for all others to go, and those who come
 * later wait for it. Safe for use by several threads; a stay ends in the thread that it began in.
 */
final class Residents {

  private final ReentrantReadWriteLock house = new ReentrantReadWriteLock(true);
  private volatile long crowding = Long.MAX_VALUE;

  /** A model's time in memory. */
  interface Stay extends AutoCloseable {

    boolean isAlone();

    @Override
    void close();
  }

  /**
   * Waits until the model may be opened: beside others, unless one of its size, or smaller, was too
   * much for that.
   *
   * @param bytes of its weights
   */
  Stay enter(long bytes) throws InterruptedException {
    if (bytes >= crowding) {
      return enterAlone();
    }
    house.readLock().lockInterruptibly();
    return stay(false, house.readLock()::unlock);
  }

  /** Waits until no other model is in memory. */
  Stay enterAlone() throws InterruptedException {
    house.writeLock().lockInterruptibly();
    return stay(true, house.writeLock()::unlock);
  }

  /** Memory did not suffice for a model of that size beside others. */
  void crowded(long bytes) {
    crowding = Math.min(crowding, bytes);
  }

  private static Stay stay(boolean alone, Runnable leave) {
    return new Stay() {
      @Override
      public boolean isAlone() {
        return alone;
      }

      @Override
      public void close() {
        leave.run();
      }
    };
  }
}
