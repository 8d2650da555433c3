package dev.castalia.scorer;

import java.util.function.BooleanSupplier;

/** Whether an evaluation under way is still wanted. */
final class Evaluation {

  private final BooleanSupplier stopping;
  private volatile boolean abandoned;

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

  /** Whether no further unit is to be begun. */
  boolean isOver() {
    return abandoned || stopping.getAsBoolean();
  }
}
