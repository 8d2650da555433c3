package dev.castalia.gateway.view;

import dev.castalia.events.SweepCancelled;
import dev.castalia.events.SweepRequested;
import java.util.Optional;

/** What the sweeps' topic says of a sweep last. */
public sealed interface Sweep {

  String id();

  /**
   * @param digest digest of the request as its client wrote it; empty where another than a gateway
   *     wrote the event
   */
  record Requested(SweepRequested event, Optional<String> digest) implements Sweep {
    @Override
    public String id() {
      return event.getSweep();
    }
  }

  /** Cancelled; the request is gone from the topic. */
  record Cancelled(SweepCancelled event) implements Sweep {
    @Override
    public String id() {
      return event.getSweep();
    }
  }
}
