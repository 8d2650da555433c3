package dev.castalia.scorer;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Whether an evaluation under way is still wanted, and whether this scorer is the one for it. What
 * it fetches is interrupted where it is not.
 */
final class Evaluation {

  private final BooleanSupplier stopping;
  private volatile boolean abandoned;
  private volatile boolean refused;

  /** Null while nothing is fetched. Guarded by this. */
  private Thread fetching;

  Evaluation(BooleanSupplier stopping) {
    this.stopping = stopping;
  }

  /** Somebody else has the request by now. */
  void abandon() {
    abandoned = true;
  }

  boolean isAbandoned() {
    return abandoned;
  }

  /** This scorer has other files than the request means, for all of it or a part. */
  void refuse() {
    refused = true;
  }

  boolean isRefused() {
    return refused;
  }

  /** Whether no further unit is to be begun. */
  boolean isOver() {
    return abandoned || stopping.getAsBoolean();
  }

  /** Fetches something, interrupted from the start if no further unit is to be begun. */
  <T> T fetch(Supplier<T> what) {
    beginFetching();
    try {
      return what.get();
    } finally {
      endFetching();
    }
  }

  private synchronized void beginFetching() {
    fetching = Thread.currentThread();
    if (isOver()) {
      stopFetching();
    }
  }

  /** An interrupt must not reach what comes next: files would be closed, and answers not sent. */
  private synchronized void endFetching() {
    fetching = null;
    if (isOver()) {
      Thread.interrupted();
    }
  }

  /** Interrupts what is being fetched, if anything is; stopping before. */
  synchronized void stopFetching() {
    if (fetching != null) {
      fetching.interrupt();
    }
  }
}
