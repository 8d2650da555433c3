package dev.castalia.topology.ledger;

import dev.castalia.events.Slice;
import dev.castalia.events.TaskRegistered;
import dev.castalia.topology.state.LedgerRow;
import dev.castalia.topology.state.UnitState;
import java.util.ArrayList;
import java.util.List;

/** Makes bundles of what is queued. */
final class Bundler {

  private final Books books;
  private final Catalog catalog;
  private final Standing standing;
  private final Accounts accounts;
  private final Queue queue;
  private final LedgerSettings settings;

  Bundler(
      Books books,
      Catalog catalog,
      Standing standing,
      Accounts accounts,
      Queue queue,
      LedgerSettings settings) {
    this.books = books;
    this.catalog = catalog;
    this.standing = standing;
    this.accounts = accounts;
    this.queue = queue;
    this.settings = settings;
  }

  /** A bundle for the sweep whose turn it is, or null when nothing waits for the pool. */
  Draft next(Pool pool) {
    for (String sweep = queue.turn(pool); sweep != null; sweep = queue.turn(pool)) {
      Draft draft = next(sweep, pool);
      if (draft != null) {
        return draft;
      }
    }
    return null;
  }

  private Draft next(String sweep, Pool pool) {
    while (true) {
      List<Evaluation> next = queue.next(sweep, pool, settings.maxBundleUnits());
      if (next.isEmpty()) {
        return null;
      }
      Draft draft = draft(sweep, pool, next);
      if (!draft.isEmpty()) {
        return draft;
      }
    }
  }

  private Draft draft(String sweep, Pool pool, List<Evaluation> evaluations) {
    Draft draft =
        new Draft(
            catalog.sweep(sweep).request(),
            standing.loadable(books.checkpoints.get(evaluations.getFirst().checkpoint())),
            pool,
            settings);
    for (Evaluation evaluation : evaluations) {
      if (draft.isFull()) {
        break;
      }
      take(draft, evaluation);
    }
    return draft;
  }

  /** Takes units of the row until the bundle is full. */
  private void take(Draft draft, Evaluation evaluation) {
    TaskRegistered task = catalog.task(evaluation.task(), evaluation.version());
    List<Slice> slices = new ArrayList<>();
    LedgerRow row =
        accounts.change(
            evaluation,
            it -> {
              for (UnitState unit : it.getUnits()) {
                if (draft.hasRoomFor(unit) && queue.isReady(evaluation, unit)) {
                  slices.add(draft.take(unit, task));
                }
              }
            });
    queue.issued(draft.sweep().getSweep(), draft.pool(), evaluation, row);
    if (!slices.isEmpty()) {
      draft.add(evaluation, task, slices);
    }
  }
}
