package dev.castalia.topology.ledger;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.SweepCoverage;
import dev.castalia.topology.TopologyMonitor;
import dev.castalia.topology.ledger.Catalog.ActiveSweep;
import dev.castalia.topology.state.Changes;
import dev.castalia.topology.state.LedgerRow;
import dev.castalia.topology.state.SweepCounts;
import dev.castalia.topology.state.UnitState;
import dev.castalia.topology.state.UnitStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rows, and what every sweep counts of them. A row is changed nowhere else, so the counts are
 * always those of the rows.
 */
final class Accounts {

  /**
   * A row's contribution to the counts of each sweep that wants it. Of a checkpoint that is
   * retired, only what was scored before counts: the rest will never come.
   */
  private record Tally(int planned, int done, int failed) {

    static final Tally NOTHING = new Tally(0, 0, 0);

    static Tally of(LedgerRow row, boolean retired) {
      int done = 0;
      int failed = 0;
      for (UnitState unit : row.getUnits()) {
        if (unit.getStatus() == UnitStatus.SCORED) {
          done++;
        } else if (unit.getStatus() == UnitStatus.FAILED) {
          failed++;
        }
      }
      return retired ? new Tally(done, done, 0) : new Tally(row.getUnits().size(), done, failed);
    }
  }

  private final Books books;
  private final Catalog catalog;
  private final Standing standing;
  private final Outbox outbox;
  private final Backlog backlog;
  private final TopologyMonitor monitor;
  private final Changes changes;

  Accounts(
      Books books,
      Catalog catalog,
      Standing standing,
      Outbox outbox,
      Backlog backlog,
      TopologyMonitor monitor) {
    this.books = books;
    this.catalog = catalog;
    this.standing = standing;
    this.outbox = outbox;
    this.backlog = backlog;
    this.monitor = monitor;
    this.changes = new Changes(books.changedCounts);
  }

  /** Tells what the sweeps count, where it changed since it was last told. */
  void tick() {
    changes.tell(key -> send(key.substring(0, key.indexOf(Keys.SEPARATOR)), books.counts.get(key)));
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
    boolean retired = standing.isRetired(evaluation.checkpoint());
    Tally before = Tally.of(row, retired);
    Backlog.Rest restBefore = backlog.rest(evaluation, row);
    Set<String> wantedBefore = new HashSet<>(row.getSweeps());
    change.accept(row);
    books.rows.put(key, row);
    Tally after = Tally.of(row, retired);
    backlog.changed(evaluation, restBefore, backlog.rest(evaluation, row));
    report(before, after);
    for (String sweep : row.getSweeps()) {
      boolean isNew = !wantedBefore.remove(sweep);
      // A sweep hears of every checkpoint that it covers, also of one of which nothing counts.
      if (isNew || !before.equals(after)) {
        count(sweep, evaluation.checkpoint(), isNew ? Tally.NOTHING : before, after);
      }
    }
    for (String sweep : wantedBefore) {
      count(sweep, evaluation.checkpoint(), before, Tally.NOTHING);
    }
    return row;
  }

  /**
   * Counts the checkpoint's rows otherwise than before.
   *
   * @param retired whether it is now, and was not
   */
  void countAnew(String checkpoint, boolean retired) {
    books.rows.forEach(
        checkpoint + Keys.SEPARATOR,
        (key, row) -> {
          Tally before = Tally.of(row, !retired);
          Tally after = Tally.of(row, retired);
          row.getSweeps().forEach(sweep -> count(sweep, checkpoint, before, after));
        });
  }

  private void report(Tally before, Tally after) {
    if (after.done() > before.done()) {
      monitor.scored(after.done() - before.done());
    }
    if (after.failed() > before.failed()) {
      monitor.failed(after.failed() - before.failed());
    }
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
    changes.add(key);
  }

  /**
   * Tells every sweep its counts again: the names that the checkpoint stands for are others now, or
   * at other steps.
   *
   * @param before the names as they were
   */
  void tellAgain(CheckpointPublished checkpoint, List<CheckpointPublished> before) {
    String key = Keys.of(checkpoint);
    if (standing.isStoodFor(key)) {
      return;
    }
    List<CheckpointPublished> now = standing.names(checkpoint);
    List<CheckpointPublished> ever = Stream.concat(before.stream(), now.stream()).toList();
    for (ActiveSweep sweep : catalog.sweepsSince(ever)) {
      String id = sweep.request().getSweep();
      SweepCounts counts = books.counts.get(id + Keys.SEPARATOR + key);
      if (counts != null) {
        send(id, counts);
        leftOut(sweep.coverage(), before, now)
            .forEach(
                name -> outbox.send(id, new LedgerOutput.Counted(new SweepCounts(name, 0, 0, 0))));
      }
    }
  }

  /** Names that were covered and are no more. One that is gone is its own ledger's to tell of. */
  private static List<String> leftOut(
      SweepCoverage coverage, List<CheckpointPublished> before, List<CheckpointPublished> now) {
    Set<String> covered =
        before.stream().filter(coverage::covers).map(Keys::of).collect(Collectors.toSet());
    return now.stream()
        .filter(name -> !coverage.covers(name))
        .map(Keys::of)
        .filter(covered::contains)
        .toList();
  }

  /** One count for each name of the weights that the sweep asked for. */
  private void send(String sweep, SweepCounts counts) {
    CheckpointPublished checkpoint = books.checkpoints.get(counts.getCheckpoint());
    ActiveSweep active = catalog.sweep(sweep);
    if (standing.isStoodFor(counts.getCheckpoint())) {
      return;
    }
    if (checkpoint == null || active == null) {
      outbox.send(sweep, new LedgerOutput.Counted(counts));
      return;
    }
    for (CheckpointPublished name : standing.names(checkpoint)) {
      if (active.coverage().covers(name)) {
        outbox.send(
            sweep,
            new LedgerOutput.Counted(
                new SweepCounts(
                    Keys.of(name), counts.getPlanned(), counts.getDone(), counts.getFailed())));
      }
    }
  }
}
