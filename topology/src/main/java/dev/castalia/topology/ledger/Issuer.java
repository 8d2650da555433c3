package dev.castalia.topology.ledger;

import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Traces;
import dev.castalia.topology.TopologyMonitor;
import dev.castalia.topology.state.Bundle;
import dev.castalia.topology.state.Mark;
import java.util.Map;

/**
 * Hands out waiting units as bundles, a bounded number at a time: planning a million units then
 * sends no million requests, a small sweep is not stuck behind a large one, and cancelling drops
 * what was not issued.
 */
final class Issuer {

  private final Books books;
  private final Bundler bundler;
  private final Outstanding outstanding;
  private final Outbox outbox;
  private final Pools pools;
  private final TopologyMonitor monitor;

  Issuer(
      Books books,
      Bundler bundler,
      Outstanding outstanding,
      Outbox outbox,
      Pools pools,
      TopologyMonitor monitor) {
    this.books = books;
    this.bundler = bundler;
    this.outstanding = outstanding;
    this.outbox = outbox;
    this.pools = pools;
    this.monitor = monitor;
  }

  /** Hands out as much as may be outstanding. */
  void issue() {
    pools.all().forEach(this::issue);
  }

  private void issue(Pool pool) {
    while (outstanding.hasRoom(pool, outbox.now())) {
      Draft draft = bundler.next(pool);
      if (draft == null) {
        return;
      }
      send(draft);
    }
  }

  private void send(Draft draft) {
    long now = outbox.now();
    Bundle bundle = outstanding.handOut(draft, now);
    String sweep = draft.sweep().getSweep();
    String checkpoint = Keys.of(draft.checkpoint());
    monitor.issued(sweep, checkpoint, draft.request(), draft.units(), draft.seconds());
    Mark trace = books.traces.get(sweep);
    outbox.send(
        checkpoint,
        new LedgerOutput.Issued(draft.event(now, bundle.getDeadline())),
        Traces.step(
            "issue request",
            trace == null ? null : trace.getText(),
            Map.of("sweep", sweep, "checkpoint", checkpoint, "request", draft.request())));
  }
}
