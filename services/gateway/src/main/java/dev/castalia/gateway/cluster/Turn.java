package dev.castalia.gateway.cluster;

import dev.castalia.gateway.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Lets one at a time read and write, and the others wait for no longer than a write may take. */
public final class Turn {

  private final ReentrantLock lock = new ReentrantLock();
  private final Duration patience;

  /**
   * @param patience how long one waits for those before it
   */
  Turn(Duration patience) {
    this.patience = patience;
  }

  /**
   * Does the work once those before are done.
   *
   * @throws ProblemException if they are not in time; the work is then not begun
   */
  public <T> T take(Supplier<T> work) {
    if (!isMine()) {
      throw ProblemException.unavailable(
          "Those before it were not written within %s, so nothing was done: try again."
              .formatted(patience));
    }
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private boolean isMine() {
    try {
      return lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ProblemException.unavailable("The gateway is shutting down: try again.");
    }
  }
}
