package dev.castalia.topology.ledger;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.RequestedTask;
import dev.castalia.events.Slice;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.TaskRegistered;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.state.Bundle;
import dev.castalia.topology.state.UnitState;
import dev.castalia.topology.state.UnitStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A bundle in the making: units of one checkpoint. */
final class Draft {

  /** A unit that was issued in vain is issued in the company of so many times fewer. */
  private static final int SHRINK = 8;

  private final SweepRequested sweep;
  private final CheckpointPublished checkpoint;
  private final Pool pool;
  private final String request;
  private final int mostUnits;
  private final double enough;
  private final List<RequestedTask> tasks = new ArrayList<>();
  private final List<String> evaluations = new ArrayList<>();
  private double seconds;
  private int most;
  private int units;
  private int attempt;

  Draft(SweepRequested sweep, CheckpointPublished checkpoint, Pool pool, LedgerSettings settings) {
    this.sweep = sweep;
    this.checkpoint = checkpoint;
    this.pool = pool;
    request = Keys.of(checkpoint) + "#" + UUID.randomUUID();
    mostUnits = settings.maxBundleUnits();
    most = mostUnits;
    double load = checkpoint.getParameters() * 4.0 / settings.loadBytesPerSecond();
    seconds = load;
    enough =
        Math.clamp(
            11 * load,
            settings.minBundle().toMillis() / 1e3,
            settings.maxBundle().toMillis() / 1e3);
  }

  SweepRequested sweep() {
    return sweep;
  }

  CheckpointPublished checkpoint() {
    return checkpoint;
  }

  Pool pool() {
    return pool;
  }

  String request() {
    return request;
  }

  int units() {
    return units;
  }

  /** What it is thought to take, loading the weights included. */
  double seconds() {
    return seconds;
  }

  /** That of the unit that was issued most often, from 1. */
  int attempt() {
    return attempt;
  }

  boolean isEmpty() {
    return units == 0;
  }

  /** Never while it is empty: weights may take longer to load than a bundle is to take. */
  boolean isFull() {
    return units > 0 && (seconds >= enough || units >= most);
  }

  boolean hasRoomFor(UnitState unit) {
    return !isFull() && units < company(unit);
  }

  /**
   * How many units may share a bundle with this one. The one that takes its scorer down is soon
   * alone, and its neighbours are scored without it.
   */
  private int company(UnitState unit) {
    int company = mostUnits;
    for (int i = 0; i < unit.getAttempts(); i++) {
      company = Math.max(1, company / SHRINK);
    }
    return company;
  }

  /** The unit is outstanding from now on, as a part of this. */
  Slice take(UnitState unit, TaskRegistered task) {
    most = Math.min(most, company(unit));
    unit.setStatus(UnitStatus.OUTSTANDING);
    unit.setRequest(request);
    unit.setAttempts(unit.getAttempts() + 1);
    attempt = Math.max(attempt, unit.getAttempts());
    seconds += Backlog.seconds(pool, task, checkpoint, unit.getEnd() - unit.getStart());
    units++;
    return new Slice(unit.getStart(), unit.getEnd());
  }

  /** The slices are what was taken of that row. */
  void add(Evaluation evaluation, TaskRegistered task, List<Slice> slices) {
    evaluations.add(evaluation.key());
    tasks.add(
        new RequestedTask(
            task.getTask(), task.getVersion(), task.getLocation(), evaluation.shots(), slices));
  }

  /**
   * @param deadline in ms since the epoch
   */
  Bundle bundle(long deadline) {
    return new Bundle(evaluations, units, seconds, deadline);
  }

  /**
   * What scorers are asked for.
   *
   * @param now in ms since the epoch, as the deadline
   */
  EvaluationRequested event(long now, long deadline) {
    return new EvaluationRequested(
        request,
        sweep.getSweep(),
        checkpoint,
        tasks,
        sweep.getDtype(),
        attempt,
        seconds,
        Instant.ofEpochMilli(now),
        Instant.ofEpochMilli(deadline),
        pool.name());
  }
}
