package dev.castalia.topology.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.RequestedTask;
import dev.castalia.events.Slice;
import dev.castalia.events.TaskRegistered;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Traces;
import dev.castalia.topology.TopologyMonitor;
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
import java.util.LinkedHashMap;
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

  /** A unit that was issued in vain is issued in the company of so many times fewer. */
  private static final int SHRINK = 8;

  /**
   * Answers a second that may be expected before the first one; each answer allows one more. A
   * process that has just started takes in answers many times slower than later on, and those of a
   * full window, if they came at once, would hold up every sweep for seconds.
   */
  private static final int FIRST_ANSWERS = 128;

  /** How many times the estimate of all that is outstanding a request may go unanswered. */
  private static final int DEADLINE_SLACK = 10;

  private final Books books;
  private final Catalog catalog;
  private final Standing standing;
  private final Accounts accounts;
  private final Rests rests;
  private final Refusals refusals;
  private final Failures failures;
  private final Outbox outbox;
  private final Backlog backlog;
  private final LedgerSettings settings;
  private final TopologyMonitor monitor;

  /** The bundles section in memory: the windows keep it small. */
  private final Map<String, Outstanding> outstanding = new TreeMap<>();

  private final Map<String, Window> windows = new LinkedHashMap<>();

  /**
   * By sweep and pool: before which key nothing is queued any more. What was taken from a store
   * leaves marks that every look from the beginning would have to pass.
   */
  private final Map<String, String> taken = new HashMap<>();

  /**
   * @param heard as the window had it when the bundle was handed out, or this ledger began
   */
  private record Outstanding(Bundle bundle, Window window, long heard) {}

  /**
   * What of one pool is handed out and who is next. Every pool has its own: one whose scorers are
   * slow, or not there yet, holds up no other.
   */
  private static final class Window {

    final Pool pool;
    final Turns turns = new Turns();
    int bundles;
    long answered;

    /** Scores and failures that its scorers have sent, for whatever request. */
    long heard;

    /** Answers a second that are to be expected, if all that is handed out is worked on at once. */
    double pace;

    Window(Pool pool) {
      this.pool = pool;
    }
  }

  Issuer(
      Books books,
      Catalog catalog,
      Standing standing,
      Accounts accounts,
      Rests rests,
      Refusals refusals,
      Failures failures,
      Outbox outbox,
      Backlog backlog,
      LedgerSettings settings,
      TopologyMonitor monitor) {
    this.books = books;
    this.catalog = catalog;
    this.standing = standing;
    this.accounts = accounts;
    this.rests = rests;
    this.refusals = refusals;
    this.failures = failures;
    this.outbox = outbox;
    this.backlog = backlog;
    this.settings = settings;
    this.monitor = monitor;
    settings.pools().all().forEach(it -> windows.put(it.name(), new Window(it)));
    books.bundles.forEach("", this::remember);
    sortAnew();
  }

  /**
   * Puts what waits where the pool that it is for takes it: the pools may be others than before.
   */
  void sortAnew() {
    taken.clear();
    books.queue.forEach(
        "",
        (text, mark) -> {
          QueueKey key = QueueKey.parse(text);
          Evaluation evaluation = Evaluation.parse(key.evaluation());
          Window window = windowOf(evaluation);
          if (!key.pool().equals(window.pool.name())) {
            books.queue.remove(text);
            books.queue.put(
                new QueueKey(key.sweep(), window.pool.name(), key.evaluation()).toString(), mark);
          }
          ActiveSweep sweep = catalog.sweep(key.sweep());
          if (sweep != null) {
            window.turns.add(key.sweep(), sweep.request().getPriority());
          }
        });
    backlog.countAnew();
  }

  private Window windowOf(Evaluation evaluation) {
    return windowOf(books.checkpoints.get(evaluation.checkpoint()));
  }

  private Window windowOf(CheckpointPublished checkpoint) {
    return windows.get(settings.pools().of(checkpoint.getParameters()).name());
  }

  /** Requests of the pool that are not answered in full. */
  int bundles(String pool) {
    return windows.get(pool).bundles;
  }

  /** Queues the row for every sweep that wants it, if it has units that may be issued. */
  void enqueue(Evaluation evaluation, LedgerRow row) {
    if (!rests.anyReady(evaluation, row)) {
      return;
    }
    for (String id : row.getSweeps()) {
      ActiveSweep sweep = catalog.sweep(id);
      if (sweep != null) {
        Window window = windowOf(evaluation);
        String key = new QueueKey(id, window.pool.name(), evaluation.key()).toString();
        books.queue.put(key, new Mark(""));
        taken.computeIfPresent(
            QueueKey.line(id, window.pool.name()),
            (same, before) -> isBefore(key, before) ? null : before);
        window.turns.add(id, sweep.request().getPriority());
      }
    }
  }

  /**
   * Queues what waits of the checkpoint. It was taken out of the queue if another stood for it, and
   * whoever plans finds the rows known.
   */
  void enqueue(String checkpoint) {
    books.rows.forEach(
        checkpoint + Keys.SEPARATOR, (key, row) -> enqueue(Evaluation.parse(key), row));
  }

  /** Queues the rows of units whose rest is over. */
  void wake() {
    rests.end().forEach(it -> enqueue(it, books.rows.get(it.key())));
  }

  /** In the order of the store. */
  private static boolean isBefore(String key, String other) {
    return Arrays.compareUnsigned(key.getBytes(UTF_8), other.getBytes(UTF_8)) < 0;
  }

  /** The sweep does not want the row any more. */
  void dequeue(ActiveSweep sweep, Evaluation evaluation) {
    dequeue(sweep, windowOf(evaluation), evaluation);
  }

  /** Forgets what waits for that sweep alone. */
  void drop(String sweep) {
    books.queue.forEach(sweep + Keys.SEPARATOR, (key, mark) -> books.queue.remove(key));
    for (Window window : windows.values()) {
      window.turns.remove(sweep);
      taken.remove(QueueKey.line(sweep, window.pool.name()));
    }
    backlog.countAnew();
  }

  private void remember(String request, Bundle bundle) {
    bundle.setUnanswered(unanswered(request, bundle));
    handOut(request, bundle, windowOf(Evaluation.parse(bundle.getEvaluations().getFirst())));
  }

  private void handOut(String request, Bundle bundle, Window window) {
    window.bundles++;
    window.pace += pace(bundle, bundle.getUnanswered());
    outstanding.put(request, new Outstanding(bundle, window, window.heard));
  }

  private static double pace(Bundle bundle, int units) {
    return units / Math.max(1, bundle.getEstimatedSeconds());
  }

  /** A scorer has sent something about the checkpoint. */
  void heardOf(String checkpoint) {
    CheckpointPublished published = books.checkpoints.get(checkpoint);
    if (published != null) {
      windowOf(published).heard++;
    }
  }

  /** The unit, if it is outstanding, will not be so any more. */
  void settle(UnitState unit) {
    Outstanding found =
        unit.getStatus() == UnitStatus.OUTSTANDING ? outstanding.get(unit.getRequest()) : null;
    if (found == null) {
      return;
    }
    Bundle bundle = found.bundle();
    bundle.setUnanswered(bundle.getUnanswered() - 1);
    found.window().pace -= pace(bundle, 1);
    found.window().answered++;
    if (bundle.getUnanswered() == 0) {
      forget(unit.getRequest());
    }
  }

  /** Units of the bundle that are outstanding: the rows say so, whatever was stored with it. */
  private int unanswered(String request, Bundle bundle) {
    long count =
        bundle.getEvaluations().stream()
            .map(books.rows::get)
            .flatMap(row -> row.getUnits().stream())
            .filter(unit -> unit.getStatus() == UnitStatus.OUTSTANDING)
            .filter(unit -> request.equals(unit.getRequest()))
            .count();
    return Math.toIntExact(count);
  }

  /** Fills the windows. */
  void issue() {
    windows.values().forEach(this::fill);
  }

  private void fill(Window window) {
    while (window.bundles < settings.window() && window.pace < FIRST_ANSWERS + window.answered) {
      String sweep = window.turns.next();
      if (sweep == null) {
        return;
      }
      if (!issueOne(catalog.sweep(sweep), window)) {
        window.turns.remove(sweep);
      }
    }
  }

  /**
   * Opens again what was not answered by its deadline. That counts as an attempt only where the
   * scorers sent something meanwhile: those that are away say nothing of the units that wait for
   * them. A unit that takes the last scorer down is bounded all the same, for its request is handed
   * out again when one is back, which gives it up, and is heard.
   */
  void expire() {
    long now = outbox.now();
    List<String> late =
        outstanding.entrySet().stream()
            .filter(entry -> entry.getValue().bundle().getDeadline() <= now)
            .map(Map.Entry::getKey)
            .toList();
    for (String request : late) {
      Outstanding found = outstanding.get(request);
      Bundle bundle = found.bundle();
      monitor.late(
          Evaluation.parse(bundle.getEvaluations().getFirst()).checkpoint(),
          request,
          bundle.getUnanswered());
      forget(request);
      for (String key : bundle.getEvaluations()) {
        reopen(Evaluation.parse(key), request, found.window().heard > found.heard());
      }
    }
  }

  private void reopen(Evaluation evaluation, String request, boolean counts) {
    LedgerRow row =
        accounts.change(
            evaluation,
            it -> {
              for (UnitState unit : it.getUnits()) {
                if (unit.getStatus() == UnitStatus.OUTSTANDING
                    && request.equals(unit.getRequest())) {
                  refusals.end(evaluation, unit);
                  if (!counts) {
                    unit.setAttempts(unit.getAttempts() - 1);
                    unit.setStatus(UnitStatus.WAITING);
                  } else if (unit.getAttempts() >= settings.attempts()) {
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
    Outstanding gone = outstanding.remove(request);
    gone.window().bundles--;
    gone.window().pace -= pace(gone.bundle(), gone.bundle().getUnanswered());
    books.bundles.remove(request);
  }

  /** Issues one bundle for the sweep; false when nothing of it waits. */
  private boolean issueOne(ActiveSweep sweep, Window window) {
    while (true) {
      List<Evaluation> next =
          nextOfOneCheckpoint(QueueKey.line(sweep.request().getSweep(), window.pool.name()));
      if (next.isEmpty()) {
        return false;
      }
      if (issue(sweep, next, window)) {
        return true;
      }
    }
  }

  private List<Evaluation> nextOfOneCheckpoint(String line) {
    List<Evaluation> next = new ArrayList<>();
    try (Entries<Mark> queued = queued(line)) {
      while (queued.hasNext() && next.size() < settings.maxBundleUnits()) {
        String key = queued.next().key;
        if (next.isEmpty()) {
          taken.put(line, key);
        }
        Evaluation evaluation = Evaluation.parse(key.substring(line.length()));
        if (!next.isEmpty() && !next.getFirst().checkpoint().equals(evaluation.checkpoint())) {
          break;
        }
        next.add(evaluation);
      }
    }
    return next;
  }

  private boolean issue(ActiveSweep sweep, List<Evaluation> evaluations, Window window) {
    if (standing.isStoodFor(evaluations.getFirst().checkpoint())) {
      evaluations.forEach(it -> dequeue(sweep, window, it));
      return false;
    }
    CheckpointPublished checkpoint = books.checkpoints.get(evaluations.getFirst().checkpoint());
    String request = Keys.of(checkpoint) + "#" + UUID.randomUUID();
    Draft draft = new Draft(request, checkpoint, window);
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
    double queued =
        outstanding.values().stream()
            .filter(it -> it.window() == draft.window)
            .mapToDouble(it -> it.bundle().getEstimatedSeconds())
            .sum();
    // Scorers pass over what is due: where they are slower than thought, the next try has more
    // time.
    double patience =
        Math.max(
                settings.minDeadline().toMillis(), 1000 * DEADLINE_SLACK * (queued + draft.seconds))
            * (1L << Math.min(draft.attempt - 1, 10));
    // What is thought to take longer than there are milliseconds is due at the end of time.
    long deadline = now + Math.min((long) patience, Long.MAX_VALUE - now);
    Bundle bundle = new Bundle(draft.evaluations, draft.units, draft.seconds, deadline);
    handOut(draft.request, bundle, draft.window);
    books.bundles.put(draft.request, bundle);
    monitor.issued(
        sweep.request().getSweep(),
        Keys.of(draft.checkpoint),
        draft.request,
        draft.units,
        draft.seconds);
    Mark trace = books.traces.get(sweep.request().getSweep());
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
                Instant.ofEpochMilli(deadline),
                draft.window.pool.name())),
        Traces.step(
            "issue request",
            trace == null ? null : trace.getText(),
            Map.of(
                "sweep", sweep.request().getSweep(),
                "checkpoint", Keys.of(draft.checkpoint),
                "request", draft.request)));
  }

  private Entries<Mark> queued(String line) {
    // "}" follows "|", with which the line ends.
    String end = line.substring(0, line.length() - 1) + "}";
    return books.queue.between(taken.getOrDefault(line, line), end);
  }

  private void dequeue(ActiveSweep sweep, Window window, Evaluation evaluation) {
    books.queue.remove(
        new QueueKey(sweep.request().getSweep(), window.pool.name(), evaluation.key()).toString());
  }

  /** A bundle in the making. */
  private final class Draft {

    final String request;
    final CheckpointPublished checkpoint;
    final Window window;
    final List<RequestedTask> tasks = new ArrayList<>();
    final List<String> evaluations = new ArrayList<>();
    final double enough;
    double seconds;
    int most = settings.maxBundleUnits();
    int units;
    int attempt;

    Draft(String request, CheckpointPublished checkpoint, Window window) {
      this.request = request;
      this.checkpoint = checkpoint;
      this.window = window;
      double load = checkpoint.getParameters() * 4.0 / settings.loadBytesPerSecond();
      seconds = load;
      enough =
          Math.clamp(
              11 * load,
              settings.minBundle().toMillis() / 1e3,
              settings.maxBundle().toMillis() / 1e3);
    }

    /** Never while it is empty: weights may take longer to load than a bundle is to take. */
    boolean isFull() {
      return units > 0 && (seconds >= enough || units >= most);
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

    private boolean fits(Evaluation evaluation, UnitState unit) {
      return !isFull() && units < company(unit) && rests.isReady(evaluation, unit);
    }

    /**
     * Takes units of the row until the bundle is full, and the row out of the queue when no other
     * may be issued now.
     */
    void take(ActiveSweep sweep, Evaluation evaluation) {
      TaskRegistered task = catalog.task(evaluation.task(), evaluation.version());
      List<Slice> slices = new ArrayList<>();
      LedgerRow row =
          accounts.change(
              evaluation,
              it -> {
                for (UnitState unit : it.getUnits()) {
                  if (fits(evaluation, unit)) {
                    most = Math.min(most, company(unit));
                    unit.setStatus(UnitStatus.OUTSTANDING);
                    unit.setRequest(request);
                    unit.setAttempts(unit.getAttempts() + 1);
                    attempt = Math.max(attempt, unit.getAttempts());
                    seconds +=
                        Backlog.seconds(
                            window.pool, task, checkpoint, unit.getEnd() - unit.getStart());
                    units++;
                    slices.add(new Slice(unit.getStart(), unit.getEnd()));
                  }
                }
              });
      if (!rests.anyReady(evaluation, row)) {
        dequeue(sweep, window, evaluation);
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
