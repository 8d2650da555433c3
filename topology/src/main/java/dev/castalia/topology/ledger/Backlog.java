package dev.castalia.topology.ledger;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.TaskRegistered;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.state.LedgerRow;
import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.Section.Entries;
import dev.castalia.topology.state.UnitState;
import dev.castalia.topology.state.UnitStatus;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How much there is to do for each pool: units that a sweep wants and that are neither scored nor
 * failed. Kept up with every change of a row, and counted anew where that does not tell all.
 */
final class Backlog {

  /** What of a row is to be done. */
  record Rest(int documents, int units) {

    static final Rest NOTHING = new Rest(0, 0);
  }

  /** The sum of a pool. */
  record Sum(double seconds, long units) {

    static final Sum NOTHING = new Sum(0, 0);

    Sum plus(double moreSeconds, long moreUnits) {
      return new Sum(seconds + moreSeconds, units + moreUnits);
    }
  }

  private final Books books;
  private final Catalog catalog;
  private final Standing standing;
  private final Pools pools;
  private final Map<String, Sum> sums = new HashMap<>();
  private boolean stale = true;

  Backlog(Books books, Catalog catalog, Standing standing, Pools pools) {
    this.books = books;
    this.catalog = catalog;
    this.standing = standing;
    this.pools = pools;
  }

  /** Operations for each document, by the rule of thumb of two for each parameter and token. */
  static double seconds(
      Pool pool, TaskRegistered task, CheckpointPublished checkpoint, int documents) {
    return documents * task.getMeanTokens() * 2 * checkpoint.getParameters() / pool.flops();
  }

  /**
   * What of the row is to be done, if a sweep that is not cancelled wants it. What another
   * checkpoint is scored in place of is that one's to do, and what is retired is nobody's.
   */
  Rest rest(Evaluation evaluation, LedgerRow row) {
    if (standing.isIdle(evaluation.checkpoint()) || !catalog.isWanted(row)) {
      return Rest.NOTHING;
    }
    int documents = 0;
    int units = 0;
    for (UnitState unit : row.getUnits()) {
      if (unit.getStatus() == UnitStatus.WAITING || unit.getStatus() == UnitStatus.OUTSTANDING) {
        documents += unit.getEnd() - unit.getStart();
        units++;
      }
    }
    return new Rest(documents, units);
  }

  void changed(Evaluation evaluation, Rest before, Rest after) {
    if (!stale && !before.equals(after)) {
      add(evaluation, after.documents() - before.documents(), after.units() - before.units());
    }
  }

  /** Rows have come or gone otherwise than by a change. */
  void countAnew() {
    stale = true;
  }

  /** Whether the checkpoint's rows count is another question than before. */
  void countAnew(String checkpoint) {
    try (Entries<LedgerRow> known = books.rows.startingWith(checkpoint + Keys.SEPARATOR)) {
      stale |= known.hasNext();
    }
  }

  /** The sum of every pool. */
  Map<String, Sum> sums() {
    if (stale) {
      count();
      stale = false;
    }
    return sums;
  }

  private void count() {
    sums.clear();
    pools.all().forEach(it -> sums.put(it.name(), Sum.NOTHING));
    Set<String> counted = new HashSet<>();
    try (Entries<Mark> queue = books.queue.startingWith("")) {
      queue.forEachRemaining(it -> count(QueueKey.parse(it.key).evaluation(), counted));
    }
    try (Entries<Mark> resting = books.resting.startingWith("")) {
      resting.forEachRemaining(
          it -> count(it.key.substring(it.key.indexOf(Keys.SEPARATOR) + 1), counted));
    }
    books.bundles.forEach(
        "", (request, bundle) -> bundle.getEvaluations().forEach(it -> count(it, counted)));
  }

  private void count(String key, Set<String> counted) {
    LedgerRow row = counted.add(key) ? books.rows.get(key) : null;
    if (row != null) {
      Evaluation evaluation = Evaluation.parse(key);
      Rest rest = rest(evaluation, row);
      add(evaluation, rest.documents(), rest.units());
    }
  }

  private void add(Evaluation evaluation, int documents, int units) {
    CheckpointPublished checkpoint = books.checkpoints.get(evaluation.checkpoint());
    TaskRegistered task = catalog.task(evaluation.task(), evaluation.version());
    if (checkpoint == null || task == null) {
      return;
    }
    Pool pool = pools.of(checkpoint.getParameters());
    Sum sum =
        sums.getOrDefault(pool.name(), Sum.NOTHING)
            .plus(seconds(pool, task, checkpoint, documents), units);
    // What rounding leaves of nothing would be work to whoever scales by it.
    sums.put(pool.name(), sum.units() == 0 ? Sum.NOTHING : sum);
  }
}
