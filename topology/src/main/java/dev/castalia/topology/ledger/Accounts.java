package dev.castalia.topology.ledger;

import dev.castalia.schemas.Keys;
import dev.castalia.topology.state.LedgerRow;
import dev.castalia.topology.state.SweepCounts;
import dev.castalia.topology.state.UnitState;
import dev.castalia.topology.state.UnitStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The rows, and what every sweep counts of them. A row is changed nowhere else, so the counts are
 * always those of the rows.
 */
final class Accounts {

  /** A row's contribution to the counts of each sweep that wants it. */
  private record Tally(int planned, int done, int failed) {

    static final Tally NOTHING = new Tally(0, 0, 0);

    static Tally of(LedgerRow row) {
      int done = 0;
      int failed = 0;
      for (UnitState unit : row.getUnits()) {
        if (unit.getStatus() == UnitStatus.SCORED) {
          done++;
        } else if (unit.getStatus() == UnitStatus.FAILED) {
          failed++;
        }
      }
      return new Tally(row.getUnits().size(), done, failed);
    }
  }

  private final Books books;
  private final Outbox outbox;

  Accounts(Books books, Outbox outbox) {
    this.books = books;
    this.outbox = outbox;
  }

  /**
   * Applies a change to a row, which is new and empty when there was none.
   *
   * @return the row after the change
   */
  LedgerRow change(Evaluation evaluation, Consumer<LedgerRow> change) {
    String key = evaluation.key();
    LedgerRow row = books.rows.get(key);
    if (row == null) {
      row = new LedgerRow(new ArrayList<>(), new ArrayList<>());
    }
    Tally before = Tally.of(row);
    Set<String> wantedBefore = new HashSet<>(row.getSweeps());
    change.accept(row);
    books.rows.put(key, row);
    Tally after = Tally.of(row);
    for (String sweep : row.getSweeps()) {
      Tally known = wantedBefore.contains(sweep) ? before : Tally.NOTHING;
      if (!known.equals(after)) {
        count(sweep, evaluation.checkpoint(), known, after);
      }
    }
    return row;
  }

  private void count(String sweep, String checkpoint, Tally before, Tally after) {
    String key = sweep + Keys.SEPARATOR + checkpoint;
    SweepCounts counts = books.counts.get(key);
    if (counts == null) {
      counts = new SweepCounts(checkpoint, 0, 0, 0);
    }
    counts.setPlanned(counts.getPlanned() + after.planned() - before.planned());
    counts.setDone(counts.getDone() + after.done() - before.done());
    counts.setFailed(counts.getFailed() + after.failed() - before.failed());
    books.counts.put(key, counts);
    outbox.send(sweep, new LedgerOutput.Counted(counts));
  }
}
