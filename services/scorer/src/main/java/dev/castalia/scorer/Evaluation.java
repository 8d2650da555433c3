package dev.castalia.scorer;

import java.util.function.BooleanSupplier;

/** Whether an evaluation under way is still wanted, and whether this scorer is the one for it. */
final class Evaluation {

  private final BooleanSupplier stopping;
  private volatile boolean abandoned;
  private volatile boolean refused;

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
}
