package dev.castalia.topology.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.RequestedTask;
import dev.castalia.events.Slice;
import dev.castalia.events.TaskRegistered;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.ledger.Catalog.ActiveSweep;
import dev.castalia.topology.state.Bundle;
import dev.castalia.topology.state.LedgerRow;
import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.Section.Entries;
import dev.castalia.topology.state.UnitState;
import dev.castalia.topology.state.UnitStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Hands out waiting units as bundles, a bounded number at a time: planning a million units then
 * sends no million requests, a small sweep is not stuck behind a large one, and cancelling drops
 * what was not issued. What is not answered by its deadline is handed out again.
 */
final class Issuer {

  private static final int TIME_DIGITS = 19;

  /** A unit that was issued in vain is issued in the company of so many times fewer. */
  private static final int SHRINK = 8;

  /**
   * Units that may be outstanding before the first answer; each answer allows one more. A process
   * that has just started takes in answers many times slower than later on, and those of a full
   * window would hold up every sweep for seconds.
   */
  private static final int FIRST_UNITS = 128;

  private final Books books;
  private final Catalog catalog;
  private final Standing standing;
  private final Accounts accounts;
  private final Failures failures;
  private final Outbox outbox;
  private final LedgerSettings settings;
  private final Turns turns = new Turns();

  /** No row's pause is over before this, in ms since the epoch. */
  private long nextRested;

  /** The bundles section in memory: the window keeps it small. */
  private final Map<String, Bundle> outstanding = new TreeMap<>();

  private int outstandingUnits;
  private long answeredUnits;

  Issuer(
      Books books,
      Catalog catalog,
      Standing standing,
      Accounts accounts,
      Failures failures,
      Outbox outbox,
      LedgerSettings settings) {
    this.books = books;
    this.catalog = catalog;
    this.standing = standing;
    this.accounts = accounts;
    this.failures = failures;
    this.outbox = outbox;
    this.settings = settings;
    books.bundles.forEach("", this::remember);
    for (ActiveSweep sweep : catalog.sweeps()) {
      try (Entries<Mark> queued = queued(sweep.request().getSweep())) {
        if (queued.hasNext()) {
          turns.add(sweep.request().getSweep(), sweep.request().getPriority());
        }
      }
    }
  }

  /**
   * By sweep: before which key nothing is queued any more. What was taken from a store leaves marks
   * that every look from the beginning would have to pass.
   */
  private final Map<String, String> taken = new HashMap<>();

  /** Queues the row for every sweep that wants it, if it has units waiting. */
  void enqueue(Evaluation evaluation, LedgerRow row) {
    if (row.getUnits().stream().noneMatch(it -> it.getStatus() == UnitStatus.WAITING)) {
      return;
    }
    for (String id : row.getSweeps()) {
      ActiveSweep sweep = catalog.sweep(id);
      if (sweep != null) {
        String key = queueKey(id, evaluation.key());
        books.queue.put(key, new Mark(""));
        taken.computeIfPresent(id, (same, before) -> isBefore(key, before) ? null : before);
        turns.add(id, sweep.request().getPriority());
      }
    }
  }

  /**
   * Queues the row after a pause that grows with the unit's attempts: what is wrong for a moment is
   * to have time to pass, and units that went down together are not to be issued together again.
   */
  void enqueueLater(Evaluation evaluation, UnitState unit) {
    long pause = settings.retryPause().toMillis() << Math.min(unit.getAttempts() - 1, 10);
    long apart = Math.floorMod(Keys.of(Units.id(evaluation, unit)).hashCode(), pause);
    long due = outbox.now() + pause + apart;
    books.resting.put("%019d|%s".formatted(due, evaluation.key()), new Mark(""));
    nextRested = Math.min(nextRested, due);
  }

  /** Queues the rows whose pause is over. */
  void wake() {
    long now = outbox.now();
    if (nextRested > now) {
      return;
    }
    nextRested = Long.MAX_VALUE;
    List<String> rested = new ArrayList<>();
    try (Entries<Mark> resting = books.resting.startingWith("")) {
      while (resting.hasNext() && nextRested == Long.MAX_VALUE) {
        String key = resting.next().key;
        long due = Long.parseLong(key.substring(0, TIME_DIGITS));
        if (due <= now) {
          rested.add(key);
        } else {
          nextRested = due;
        }
      }
    }
    for (String key : rested) {
      books.resting.remove(key);
      Evaluation evaluation = Evaluation.parse(key.substring(TIME_DIGITS + 1));
      enqueue(evaluation, books.rows.get(evaluation.key()));
    }
  }

  /** In the order of the store. */
  private static boolean isBefore(String key, String other) {
    return Arrays.compareUnsigned(key.getBytes(UTF_8), other.getBytes(UTF_8)) < 0;
  }

  /** Forgets what waits for that sweep alone. */
  void drop(String sweep) {
    books.queue.forEach(sweep + Keys.SEPARATOR, (key, mark) -> books.queue.remove(key));
    turns.remove(sweep);
    taken.remove(sweep);
  }

  private void remember(String request, Bundle bundle) {
    bundle.setUnanswered(unanswered(request, bundle));
    outstandingUnits += bundle.getUnanswered();
    outstanding.put(request, bundle);
  }

  /** A unit is not outstanding under that request any more. */
  void answered(String request) {
    Bundle bundle = outstanding.get(request);
    if (bundle == null) {
      return;
    }
    bundle.setUnanswered(bundle.getUnanswered() - 1);
    outstandingUnits--;
    answeredUnits++;
    if (bundle.getUnanswered() == 0) {
      forget(request);
    }
  }

  /** Units of the bundle that are outstanding: the rows say so, whatever was stored with it. */
  private int unanswered(String request, Bundle bundle) {
    long count =
        bundle.getEvaluations().stream()
            .map(books.rows::get)
            .flatMap(row -> row.getUnits().stream())
            .filter(unit -> request.equals(unit.getRequest()))
            .count();
    return Math.toIntExact(count);
  }

  /** Fills the window. */
  void issue() {
    while (outstanding.size() < settings.window()
        && outstandingUnits < FIRST_UNITS + answeredUnits) {
      String sweep = turns.next();
      if (sweep == null) {
        return;
      }
      if (!issueOne(catalog.sweep(sweep))) {
        turns.remove(sweep);
      }
    }
  }

  /** Opens again what was not answered by its deadline. */
  void expire() {
    long now = outbox.now();
    List<String> late =
        outstanding.entrySet().stream()
            .filter(entry -> entry.getValue().getDeadline() <= now)
            .map(Map.Entry::getKey)
            .toList();
    for (String request : late) {
      Bundle bundle = outstanding.get(request);
      forget(request);
      for (String key : bundle.getEvaluations()) {
        reopen(Evaluation.parse(key), request);
      }
    }
  }

  private void reopen(Evaluation evaluation, String request) {
    LedgerRow row =
        accounts.change(
            evaluation,
            it -> {
              for (UnitState unit : it.getUnits()) {
                if (unit.getStatus() == UnitStatus.OUTSTANDING
                    && request.equals(unit.getRequest())) {
                  unit.setRequest(null);
                  if (unit.getAttempts() >= settings.attempts()) {
                    failures.exhausted(evaluation, unit, request);
                  } else {
                    unit.setStatus(UnitStatus.WAITING);
                  }
                }
              }
            });
    enqueue(evaluation, row);
  }

  private void forget(String request) {
    outstandingUnits -= outstanding.remove(request).getUnanswered();
    books.bundles.remove(request);
  }

  /** Issues one bundle for the sweep; false when nothing of it waits. */
  private boolean issueOne(ActiveSweep sweep) {
    while (true) {
      List<Evaluation> next = nextOfOneCheckpoint(sweep.request().getSweep());
      if (next.isEmpty()) {
        return false;
      }
      if (issue(sweep, next)) {
        return true;
      }
    }
  }

  private List<Evaluation> nextOfOneCheckpoint(String sweep) {
    List<Evaluation> next = new ArrayList<>();
    try (Entries<Mark> queued = queued(sweep)) {
      while (queued.hasNext() && next.size() < settings.maxBundleUnits()) {
        String key = queued.next().key;
        if (next.isEmpty()) {
          taken.put(sweep, key);
        }
        Evaluation evaluation = Evaluation.parse(key.substring(sweep.length() + 1));
        if (!next.isEmpty() && !next.getFirst().checkpoint().equals(evaluation.checkpoint())) {
          break;
        }
        next.add(evaluation);
      }
    }
    return next;
  }

  private boolean issue(ActiveSweep sweep, List<Evaluation> evaluations) {
    if (standing.isStoodFor(evaluations.getFirst().checkpoint())) {
      String id = sweep.request().getSweep();
      evaluations.forEach(it -> books.queue.remove(queueKey(id, it.key())));
      return false;
    }
    CheckpointPublished checkpoint = books.checkpoints.get(evaluations.getFirst().checkpoint());
    String request = Keys.of(checkpoint) + "#" + UUID.randomUUID();
    Draft draft = new Draft(request, checkpoint);
    for (Evaluation evaluation : evaluations) {
      if (draft.isFull()) {
        break;
      }
      draft.take(sweep, evaluation);
    }
    if (draft.units == 0) {
      return false;
    }
    send(sweep, draft);
    return true;
  }

  private void send(ActiveSweep sweep, Draft draft) {
    long now = outbox.now();
    double queued = outstanding.values().stream().mapToDouble(Bundle::getEstimatedSeconds).sum();
    long patience =
        Math.max(
            settings.minDeadline().toMillis(),
            (long) (1000 * settings.deadlineSlack() * (queued + draft.seconds)));
    Bundle bundle = new Bundle(draft.evaluations, draft.units, draft.seconds, now + patience);
    outstanding.put(draft.request, bundle);
    outstandingUnits += draft.units;
    books.bundles.put(draft.request, bundle);
    outbox.send(
        Keys.of(draft.checkpoint),
        new LedgerOutput.Issued(
            new EvaluationRequested(
                draft.request,
                sweep.request().getSweep(),
                draft.checkpoint,
                draft.tasks,
                sweep.request().getDtype(),
                draft.attempt,
                draft.seconds,
                Instant.ofEpochMilli(now),
                Instant.ofEpochMilli(now + patience))));
  }

  private Entries<Mark> queued(String sweep) {
    String start = sweep + Keys.SEPARATOR;
    return books.queue.between(taken.getOrDefault(sweep, start), sweep + "}");
  }

  private static String queueKey(String sweep, String evaluation) {
    return sweep + Keys.SEPARATOR + evaluation;
  }

  /** A bundle in the making. */
  private final class Draft {

    final String request;
    final CheckpointPublished checkpoint;
    final List<RequestedTask> tasks = new ArrayList<>();
    final List<String> evaluations = new ArrayList<>();
    final double enough;
    double seconds;
    int most = settings.maxBundleUnits();
    int units;
    int attempt;

    Draft(String request, CheckpointPublished checkpoint) {
      this.request = request;
      this.checkpoint = checkpoint;
      double load = checkpoint.getParameters() * 4 / settings.loadBytesPerSecond();
      seconds = load;
      enough =
          Math.clamp(
              11 * load,
              settings.minBundle().toMillis() / 1e3,
              settings.maxBundle().toMillis() / 1e3);
    }

    boolean isFull() {
      return seconds >= enough || units >= most;
    }

    /**
     * How many units may share a bundle with this one. The one that takes its scorer down is soon
     * alone, and its neighbours are scored without it.
     */
    private int company(UnitState unit) {
      int company = settings.maxBundleUnits();
      for (int i = 0; i < unit.getAttempts(); i++) {
        company = Math.max(1, company / SHRINK);
      }
      return company;
    }

    private boolean fits(UnitState unit) {
      return unit.getStatus() == UnitStatus.WAITING && !isFull() && units < company(unit);
    }

    /** Takes units of the row until the bundle is full, and the row out of the queue once empty. */
    void take(ActiveSweep sweep, Evaluation evaluation) {
      TaskRegistered task = catalog.task(evaluation.task(), evaluation.version());
      double perDocument = task.getMeanTokens() * 2 * checkpoint.getParameters() / settings.flops();
      List<Slice> slices = new ArrayList<>();
      LedgerRow row =
          accounts.change(
              evaluation,
              it -> {
                for (UnitState unit : it.getUnits()) {
                  if (fits(unit)) {
                    most = Math.min(most, company(unit));
                    unit.setStatus(UnitStatus.OUTSTANDING);
                    unit.setRequest(request);
                    unit.setAttempts(unit.getAttempts() + 1);
                    attempt = Math.max(attempt, unit.getAttempts());
                    seconds += perDocument * (unit.getEnd() - unit.getStart());
                    units++;
                    slices.add(new Slice(unit.getStart(), unit.getEnd()));
                  }
                }
              });
      if (row.getUnits().stream().noneMatch(it -> it.getStatus() == UnitStatus.WAITING)) {
        books.queue.remove(queueKey(sweep.request().getSweep(), evaluation.key()));
      }
      if (!slices.isEmpty()) {
        evaluations.add(evaluation.key());
        tasks.add(
            new RequestedTask(
                task.getTask(), task.getVersion(), task.getLocation(), evaluation.shots(), slices));
      }
    }
  }
}
