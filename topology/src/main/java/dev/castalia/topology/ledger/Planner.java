package dev.castalia.topology.ledger;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.Slice;
import dev.castalia.events.SweepCancelled;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.events.TaskRegistered;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.Slicing;
import dev.castalia.topology.ledger.Catalog.ActiveSweep;
import dev.castalia.topology.state.LedgerRow;
import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.Section.Entries;
import dev.castalia.topology.state.SweepPlan;
import dev.castalia.topology.state.UnitState;
import dev.castalia.topology.state.UnitStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.streams.KeyValue;

/**
 * Works out which rows a sweep wants. Whichever of sweep, checkpoint and task comes last brings the
 * three together; wanting a row twice is wanting it once, so the order never matters.
 */
final class Planner {

  /**
   * Rows planned in a tick for all sweeps at most, but for those of a checkpoint that alone has
   * more: what bounds a transaction, and how long what comes in waits for planning.
   */
  static final int ROWS_PER_TICK = 50;

  /** How many checkpoints may be looked at in place of planning one row: that costs far more. */
  private static final int LOOKS = 20;

  private final Books books;
  private final Catalog catalog;
  private final Standing standing;
  private final Accounts accounts;
  private final Queue queue;
  private final Outstanding outstanding;
  private final Refusals refusals;
  private final Failures failures;
  private final MissingTasks missing;
  private final Outbox outbox;

  /** The planning section in memory: most of the time it is empty. */
  private final NavigableMap<String, String> cursors = new TreeMap<>();

  /** The sweep whose turn it was last. */
  private String latest = "";

  Planner(
      Books books,
      Catalog catalog,
      Standing standing,
      Accounts accounts,
      Queue queue,
      Outstanding outstanding,
      Refusals refusals,
      Failures failures,
      MissingTasks missing,
      Outbox outbox) {
    this.books = books;
    this.catalog = catalog;
    this.standing = standing;
    this.accounts = accounts;
    this.queue = queue;
    this.outstanding = outstanding;
    this.refusals = refusals;
    this.failures = failures;
    this.missing = missing;
    this.outbox = outbox;
    books.planning.forEach("", (sweep, cursor) -> cursors.put(sweep, cursor.getText()));
  }

  void sweepRequested(SweepRequested sweep) {
    if (catalog.isCancelled(sweep.getSweep())) {
      return;
    }
    catalog.put(sweep);
    missing.sweepRequested(sweep);
    planAnew(sweep);
  }

  void sweepCancelled(SweepCancelled sweep) {
    catalog.put(sweep);
    finish(sweep.getSweep());
    queue.drop(sweep.getSweep());
    missing.sweepCancelled(sweep.getSweep());
    outbox.send(
        sweep.getSweep(),
        new LedgerOutput.Planned(new SweepPlan(outbox.partition(), false, true, 0)));
  }

  /**
   * The task, or a version of it, is known now, or current again.
   *
   * @param before the version that was current so far, or null
   */
  void taskRegistered(TaskRegistered task, TaskRegistered before) {
    if (before != null && !before.equals(catalog.currentTask(task.getTask()))) {
      books.forEachRow(
          before,
          (evaluation, row) -> leave(evaluation, row, it -> !asksFor(it.request(), evaluation)));
    }
    for (ActiveSweep sweep : catalog.sweeps()) {
      boolean wanted =
          sweep.request().getTasks().stream()
              .anyMatch(
                  it ->
                      it.getTask().equals(task.getTask())
                          && (it.getVersion() == null
                              || it.getVersion().equals(task.getVersion())));
      if (wanted) {
        missing.found(sweep.request(), task);
        planAnew(sweep.request());
      }
    }
  }

  /** Takes the sweeps out of the checkpoint's rows that cover it no more, by none of its names. */
  void leave(CheckpointPublished checkpoint) {
    books.rows.forEach(
        Keys.of(checkpoint) + Keys.SEPARATOR,
        (key, row) ->
            leave(
                Evaluation.parse(key), row, it -> !standing.isCovered(it.coverage(), checkpoint)));
  }

  /**
   * Takes those of its sweeps out of the row. What is not scored, and none wants any more, is as if
   * it had never been asked for.
   */
  private void leave(Evaluation evaluation, LedgerRow known, Predicate<ActiveSweep> leaves) {
    List<ActiveSweep> leaving =
        known.getSweeps().stream()
            .map(catalog::sweep)
            .filter(it -> it != null && leaves.test(it))
            .toList();
    if (leaving.isEmpty()) {
      return;
    }
    accounts.change(
        evaluation,
        row -> {
          // A list that Avro has read lets go of nothing.
          List<String> staying = new ArrayList<>(row.getSweeps());
          leaving.forEach(it -> staying.remove(it.request().getSweep()));
          row.setSweeps(staying);
          if (!catalog.isWanted(row)) {
            row.getUnits().stream()
                .filter(unit -> unit.getStatus() != UnitStatus.SCORED)
                .forEach(unit -> letGo(evaluation, unit));
          }
        });
    leaving.forEach(it -> queue.remove(it.request().getSweep(), evaluation));
  }

  private void letGo(Evaluation evaluation, UnitState unit) {
    outstanding.settle(unit);
    refusals.end(evaluation, unit);
    failures.withdraw(evaluation, unit);
    Units.reopen(unit);
  }

  private boolean asksFor(SweepRequested sweep, Evaluation evaluation) {
    return sweep.getTasks().stream()
        .map(it -> evaluation(sweep, it, evaluation.checkpoint()))
        .anyMatch(evaluation::equals);
  }

  void checkpointPublished(CheckpointPublished checkpoint) {
    if (!standing.isScored(checkpoint)) {
      return;
    }
    for (ActiveSweep sweep : catalog.sweepsSince(standing.names(checkpoint))) {
      if (standing.isCovered(sweep.coverage(), checkpoint)) {
        plan(sweep.request(), checkpoint);
      }
    }
  }

  /**
   * Plans some more of what is to be planned. Every sweep gets its part of the tick; where they are
   * too many for that, the next tick goes on with the others.
   */
  void tick() {
    if (cursors.isEmpty()) {
      return;
    }
    int left = ROWS_PER_TICK * LOOKS;
    int part = Math.max(LOOKS, left / cursors.size());
    for (String sweep : inTurn()) {
      if (left > 0) {
        latest = sweep;
        left -= planSome(catalog.sweep(sweep), Math.min(part, left));
      }
    }
  }

  /** What is to be planned, from the sweep on that comes after the latest. */
  private List<String> inTurn() {
    List<String> turns = new ArrayList<>(cursors.tailMap(latest, false).keySet());
    turns.addAll(cursors.headMap(latest, true).keySet());
    return turns;
  }

  private void planAnew(SweepRequested sweep) {
    goOnAfter(sweep.getSweep(), "");
    announce(sweep, true);
  }

  /**
   * Plans checkpoints of the sweep until that is spent.
   *
   * @param looks what may be spent
   * @return what was spent
   */
  private int planSome(ActiveSweep sweep, int looks) {
    String id = sweep.request().getSweep();
    int rows = sweep.request().getTasks().size();
    List<CheckpointPublished> wanted = new ArrayList<>();
    String last = cursors.get(id);
    int spent = 0;
    boolean more = false;
    try (Entries<CheckpointPublished> entries = books.checkpoints.after(last)) {
      while (!more && entries.hasNext()) {
        KeyValue<String, CheckpointPublished> entry = entries.next();
        boolean isWanted =
            standing.isCovered(sweep.coverage(), entry.value) && standing.isScored(entry.value);
        int cost = isWanted ? rows * LOOKS : 1;
        // One that costs more than there is at all must have its turn, too.
        if (spent > 0 && spent + cost > looks) {
          more = true;
        } else {
          last = entry.key;
          spent += cost;
          if (isWanted) {
            wanted.add(entry.value);
          }
        }
      }
    }
    wanted.forEach(checkpoint -> plan(sweep.request(), checkpoint));
    if (more) {
      goOnAfter(id, last);
    } else {
      finish(id);
      // Before that planning is over, or a sweep would seem done while its counts are on their way.
      accounts.tick();
      announce(sweep.request(), false);
    }
    return spent;
  }

  private void goOnAfter(String sweep, String checkpoint) {
    books.planning.put(sweep, new Mark(checkpoint));
    cursors.put(sweep, checkpoint);
  }

  private void finish(String sweep) {
    books.planning.remove(sweep);
    cursors.remove(sweep);
  }

  private void announce(SweepRequested sweep, boolean planning) {
    int expected = sweep.getCheckpoints() == null ? 0 : sweep.getCheckpoints();
    outbox.send(
        sweep.getSweep(),
        new LedgerOutput.Planned(new SweepPlan(outbox.partition(), planning, false, expected)));
  }

  private void plan(SweepRequested sweep, CheckpointPublished checkpoint) {
    for (SweepTask wanted : sweep.getTasks()) {
      TaskRegistered task = catalog.task(wanted);
      if (task != null) {
        Evaluation evaluation = evaluation(sweep, wanted, Keys.of(checkpoint));
        LedgerRow known = books.rows.get(evaluation.key());
        if (known == null || !known.getSweeps().contains(sweep.getSweep())) {
          LedgerRow row = accounts.change(evaluation, it -> want(evaluation, it, sweep, task));
          queue.add(evaluation, row);
        }
      }
    }
  }

  /** What the sweep means by a task, or null while that is not registered. */
  private Evaluation evaluation(SweepRequested sweep, SweepTask wanted, String checkpoint) {
    TaskRegistered task = catalog.task(wanted);
    return task == null
        ? null
        : new Evaluation(
            checkpoint,
            task.getTask(),
            task.getVersion(),
            wanted.getShots() == null ? task.getShots() : wanted.getShots(),
            sweep.getDtype());
  }

  private void want(
      Evaluation evaluation, LedgerRow row, SweepRequested sweep, TaskRegistered task) {
    if (row.getSweeps().isEmpty()) {
      row.setUnits(complete(row.getUnits(), task));
    }
    row.getSweeps().add(sweep.getSweep());
    for (UnitState unit : row.getUnits()) {
      refusals.end(evaluation, unit);
      if (unit.getStatus() == UnitStatus.FAILED
          && unit.getFailedAt() < sweep.getRequestedAt().toEpochMilli()) {
        Units.reopen(unit);
        failures.withdraw(evaluation, unit);
      }
    }
  }

  /** All units of the task: those that are known already, and new ones that wait. */
  private static List<UnitState> complete(List<UnitState> known, TaskRegistered task) {
    List<UnitState> units = new ArrayList<>();
    for (Slice slice : Slicing.slices(task)) {
      units.add(
          known.stream()
              .filter(it -> it.getStart() == slice.getStart() && it.getEnd() == slice.getEnd())
              .findFirst()
              .orElseGet(() -> Units.waiting(slice.getStart(), slice.getEnd())));
    }
    return units;
  }
}
