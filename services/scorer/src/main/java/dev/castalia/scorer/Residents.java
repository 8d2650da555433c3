package dev.castalia.scorer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * The models of this process in one device's memory: side by side until so many bytes of weights
 * were too much for it, and for an hour from then on only as many as are fewer. One may always be
 * there. Who waits enters in turn. Safe for use by several threads.
 */
final class Residents {

  private static final Logger LOG = Logger.getLogger(Residents.class);

  /** The memory may have been short for a while only; if not, finding that out costs one try. */
  private static final Duration REMEMBERED = Duration.ofHours(1);

  private final ReentrantLock door = new ReentrantLock();
  private final Condition moved = door.newCondition();
  private final Deque<Stay> waiting = new ArrayDeque<>();
  private final Set<Stay> inside = new HashSet<>();
  private final LongSupplier nanoTime;
  private long tooMuch = Long.MAX_VALUE;

  /** When it was so. */
  private long seen;

  Residents() {
    this(System::nanoTime);
  }

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  Residents(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** A model's time in memory. */
  final class Stay implements AutoCloseable {

    private final long bytes;

    /** The most that there was in all while it was there. */
    private long most;

    private Stay(long bytes) {
      this.bytes = bytes;
    }

    /**
     * Memory did not suffice: as much as there was is not let in again for an hour.
     *
     * @return whether fewer may do; no if no other model was there
     */
    boolean ranOutOfMemory() {
      door.lock();
      try {
        if (most == bytes) {
          return false;
        }
        if (most < tooMuch()) {
          LOG.infof(
              "%d MiB of weights at a time are too much for the memory: for %d minutes, models that are as much wait for each other",
              most >> 20, REMEMBERED.toMinutes());
        }
        tooMuch = Math.min(tooMuch(), most);
        seen = nanoTime.getAsLong();
        return true;
      } finally {
        door.unlock();
      }
    }

    @Override
    public void close() {
      door.lock();
      try {
        inside.remove(this);
        moved.signalAll();
      } finally {
        door.unlock();
      }
    }
  }

  /**
   * Waits until there is room for a model.
   *
   * @param bytes of its weights
   */
  Stay enter(long bytes) throws InterruptedException {
    Stay stay = new Stay(bytes);
    door.lockInterruptibly();
    waiting.add(stay);
    try {
      while (waiting.peek() != stay || !inside.isEmpty() && total() + bytes >= tooMuch()) {
        moved.await();
      }
      inside.add(stay);
      long total = total();
      inside.forEach(it -> it.most = Math.max(it.most, total));
      return stay;
    } finally {
      waiting.remove(stay);
      moved.signalAll();
      door.unlock();
    }
  }

  private long tooMuch() {
    return nanoTime.getAsLong() - seen < REMEMBERED.toNanos() ? tooMuch : Long.MAX_VALUE;
  }

  private long total() {
    return inside.stream().mapToLong(it -> it.bytes).sum();
  }
}
