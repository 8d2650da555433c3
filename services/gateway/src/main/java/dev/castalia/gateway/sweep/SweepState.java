package dev.castalia.gateway.sweep;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.castalia.events.SweepProgress;
import dev.castalia.gateway.view.Sweep;
import java.util.Locale;
import java.util.Optional;

/** Where a sweep stands. */
public enum SweepState {
  /** More units may yet be planned. */
  PLANNING,
  /** Everything is planned, not everything is answered. */
  RUNNING,
  /** Every unit is scored or has failed. */
  DONE,
  /** Nothing more will be issued. */
  CANCELLED,
  /** Everything there is so far is answered; what is published later will be evaluated too. */
  STANDING;

  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static SweepState of(Optional<Sweep> sweep, Optional<SweepProgress> progress) {
    if (sweep.filter(Sweep.Cancelled.class::isInstance).isPresent()
        || progress.filter(SweepProgress::getCancelled).isPresent()) {
      return CANCELLED;
    }
    if (progress.isEmpty()) {
      return PLANNING;
    }
    boolean standing =
        sweep.orElse(null) instanceof Sweep.Requested(var event, var digest) && event.getStanding();
    SweepProgress now = progress.get();
    if (now.getPlanning()) {
      return PLANNING;
    }
    if (now.getDone() + now.getFailed() < now.getPlanned()) {
      return RUNNING;
    }
    return standing ? STANDING : DONE;
  }
}
