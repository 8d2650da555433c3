package dev.castalia.topology.ledger;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.RetryRequested;
import dev.castalia.events.SweepCancelled;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.TaskRegistered;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Traces;
import dev.castalia.topology.TopologyMonitor;
import dev.castalia.topology.state.ComparedRuns;
import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.StatefulSupplier;
import dev.castalia.topology.state.Twins;
import dev.castalia.topology.state.UnitDigest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Planning, folding scores and failing, in one place: for every unit of a checkpoint, who wants it
 * and whether it waits, is outstanding, scored or failed. One thread sees everything about a
 * checkpoint in one order, so there are no races to reason about.
 *
 * <p>Sweeps and tasks arrive in every partition; checkpoints, scores and failures in their
 * checkpoint's.
 */
public final class Ledger implements Processor<String, SpecificRecord, String, LedgerOutput> {

  /** Name of its store, for {@link Gifts}, too. */
  public static final String STORE = Books.STORE;

  /** How often it plans, issues and looks at deadlines. */
  private static final Duration TICK = Duration.ofMillis(50);

  private final LedgerSettings settings;
  private final TopologyMonitor monitor;
  private int partition;
  private Books books;
  private Catalog catalog;
  private Standing standing;
  private Backlog backlog;
  private Accounts accounts;
  private Planner planner;
  private Queue queue;
  private Outstanding outstanding;
  private Issuer issuer;
  private Deadlines deadlines;
  private Answers answers;
  private Scorecards scorecards;
  private Gifts gifts;
  private MissingTasks missing;

  private Ledger(LedgerSettings settings, TopologyMonitor monitor) {
    this.settings = settings;
    this.monitor = monitor;
  }

  /** Supplies ledgers and their store. */
  public static ProcessorSupplier<String, SpecificRecord, String, LedgerOutput> supplier(
      LedgerSettings settings, TopologyMonitor monitor) {
    return new StatefulSupplier<>(() -> new Ledger(settings, monitor), Books.STORE, Books.TYPES);
  }

  @Override
  public void init(ProcessorContext<String, LedgerOutput> context) {
    Outbox outbox = new Outbox(context);
    partition = outbox.partition();
    books = new Books(context.getStateStore(Books.STORE));
    catalog = new Catalog(books);
    standing = new Standing(books);
    backlog = new Backlog(books, catalog, standing, settings.pools());
    accounts = new Accounts(books, catalog, standing, outbox, backlog, monitor);
    Failures failures = new Failures(outbox, monitor);
    Refusals refusals = new Refusals(books);
    outstanding = new Outstanding(books, settings);
    queue =
        new Queue(
            books,
            catalog,
            standing,
            new Rests(books, outbox, settings),
            backlog,
            settings.pools());
    issuer =
        new Issuer(
            books,
            new Bundler(books, catalog, standing, accounts, queue, settings),
            outstanding,
            outbox,
            settings.pools(),
            monitor);
    deadlines =
        new Deadlines(outstanding, accounts, queue, refusals, failures, outbox, settings, monitor);
    missing = new MissingTasks(books, catalog, failures, outbox);
    planner =
        new Planner(
            books,
            catalog,
            standing,
            accounts,
            queue,
            outstanding,
            refusals,
            failures,
            missing,
            outbox);
    Documents documents = new Documents(books);
    scorecards = new Scorecards(books, catalog, standing, documents, outbox);
    gifts = new Gifts(books, outbox);
    answers =
        new Answers(
            books,
            catalog,
            standing,
            accounts,
            queue,
            outstanding,
            refusals,
            failures,
            scorecards,
            documents,
            outbox,
            settings,
            books.begun(outbox.now()));
    context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, time -> tick());
  }

  @Override
  public void process(Record<String, SpecificRecord> record) {
    switch (record.value()) {
      case SweepRequested sweep -> {
        String trace = Traces.text(record.headers());
        if (trace != null) {
          books.traces.put(sweep.getSweep(), new Mark(trace));
        }
        planner.sweepRequested(sweep);
      }
      case SweepCancelled sweep -> planner.sweepCancelled(sweep);
      case TaskRegistered task -> taskRegistered(task);
      case CheckpointPublished checkpoint -> checkpointPublished(checkpoint);
      case Twins twins -> twinsFound(twins);
      case ComparedRuns runs -> scorecards.compare(runs.getGroup());
      case UnitDigest score -> {
        scorecards.follow(score.getEvaluation(), Traces.text(record.headers()));
        answers.scored(score);
      }
      case EvaluationFailed failure -> answers.failed(failure);
      case RetryRequested retry -> answers.retry(retry);
      default -> throw new IllegalStateException("not for the ledger: " + record.value());
    }
  }

  private void tick() {
    scorecards.tick();
    deadlines.tick();
    queue.wake();
    planner.tick();
    missing.tick();
    issuer.issue();
    accounts.tick();
    report();
  }

  private void report() {
    backlog
        .sums()
        .forEach(
            (pool, sum) ->
                monitor.backlog(
                    partition,
                    pool,
                    new TopologyMonitor.Backlog(
                        sum.seconds(), sum.units(), outstanding.bundles(pool))));
  }

  @Override
  public void close() {
    monitor.closed(partition);
  }

  private void taskRegistered(TaskRegistered task) {
    TaskRegistered known = catalog.task(task.getTask(), task.getVersion());
    if (known != null) {
      taskRegisteredAnew(known, task);
      return;
    }
    TaskRegistered current = catalog.currentTask(task.getTask());
    catalog.put(task);
    scorecards.sendWaiting(task);
    planner.taskRegistered(task, current);
  }

  /** Definition and data are the same; where they lie and what they are called may have changed. */
  private void taskRegisteredAnew(TaskRegistered known, TaskRegistered event) {
    if (event.getRegisteredAt().isBefore(known.getRegisteredAt())) {
      return;
    }
    // Rows are cut into slices already, and stay so whatever another tokenizer would make of them.
    TaskRegistered task =
        TaskRegistered.newBuilder(event)
            .setDocuments(known.getDocuments())
            .setSliceDocuments(known.getSliceDocuments())
            .build();
    if (task.equals(known)) {
      return;
    }
    TaskRegistered current = catalog.currentTask(task.getTask());
    catalog.put(task);
    if (known.getMeanTokens() != task.getMeanTokens()) {
      backlog.countAnew();
    }
    if (isLabelledOtherwise(known, task)) {
      scorecards.sendAgain(task);
    }
    if (!known.getLocation().equals(task.getLocation())) {
      answers.reopen(task);
    }
    if (!known.equals(current)) {
      planner.taskRegistered(task, current);
    }
  }

  /** Whether scorecards say something else of the task than before. */
  private static boolean isLabelledOtherwise(TaskRegistered known, TaskRegistered task) {
    return !known.getLanguage().equals(task.getLanguage())
        || !known.getTags().equals(task.getTags())
        || !known.getMetrics().equals(task.getMetrics())
        || !known.getRegisteredAt().equals(task.getRegisteredAt());
  }

  private void checkpointPublished(CheckpointPublished checkpoint) {
    String key = Keys.of(checkpoint);
    CheckpointPublished known = books.checkpoints.get(key);
    if (checkpoint.equals(known)) {
      return;
    }
    if (known != null && known.getPublishedAt().isBefore(checkpoint.getPublishedAt())) {
      checkpoint =
          CheckpointPublished.newBuilder(checkpoint).setPublishedAt(known.getPublishedAt()).build();
    }
    Standing.Role before = standing.role(key);
    CheckpointPublished loadedBefore = known == null ? null : standing.loadable(known);
    standing.put(checkpoint);
    if (known != null && !Objects.equals(known.getContentHash(), checkpoint.getContentHash())) {
      gifts.takeBack(checkpoint);
      standing.forget(key);
    }
    roleIs(key, before);
    if (known != null && known.getParameters() != checkpoint.getParameters()) {
      queue.sortAnew();
    }
    boolean isElsewhere = known != null && isElsewhere(loadedBefore, standing.loadable(checkpoint));
    if (isElsewhere) {
      books.replaced.remove(key);
    }
    Mark fingerprint = books.fingerprints.get(key);
    if (checkpoint.getContentHash() != null && fingerprint != null) {
      answers.weightsAre(key, checkpoint.getContentHash());
    }
    if (isElsewhere) {
      answers.reopen(key);
    }
    planner.checkpointPublished(checkpoint);
    if (known != null && isCoveredOtherwise(known, checkpoint)) {
      planner.leave(checkpoint);
      accounts.tellAgain(checkpoint, standing.names(known));
    }
    scorecards.sendAll(key);
  }

  private void twinsFound(Twins twins) {
    CheckpointPublished checkpoint = books.checkpoints.get(twins.getCheckpoint());
    if (checkpoint == null || !twins.getContentHash().equals(checkpoint.getContentHash())) {
      // Of weights that it no longer has; of the new ones it will be told.
      return;
    }
    if (twins.getElder() == null) {
      gifts.takeBack(checkpoint);
    }
    Standing.Role before = standing.role(twins.getCheckpoint());
    List<CheckpointPublished> names = standing.names(checkpoint);
    boolean wereTold = books.twins.get(twins.getCheckpoint()) != null;
    CheckpointPublished loadedBefore = standing.loadable(checkpoint);
    standing.put(twins);
    roleIs(twins.getCheckpoint(), before);
    if (wereTold && isElsewhere(loadedBefore, standing.loadable(checkpoint))) {
      answers.reopen(twins.getCheckpoint());
    }
    gifts.show(twins);
    planner.checkpointPublished(checkpoint);
    if (!names.equals(standing.names(checkpoint))) {
      planner.leave(checkpoint);
    }
    accounts.tellAgain(checkpoint, names);
    scorecards.sendAll(twins.getCheckpoint());
  }

  /**
   * Sees to what is to be scored of the checkpoint when another stands for it or it is retired, or
   * neither any more.
   */
  private void roleIs(String checkpoint, Standing.Role before) {
    Standing.Role now = standing.role(checkpoint);
    if (now.retired() != before.retired()) {
      accounts.countAnew(checkpoint, now.retired());
    }
    if (now.retired() && !before.retired()) {
      answers.reopen(checkpoint);
    }
    if (now.idle() != before.idle()) {
      backlog.countAnew(checkpoint);
    }
    if (before.idle() && !now.idle()) {
      queue.addAllOf(checkpoint);
    }
  }

  /** Whether other sweeps may want it than before: as it is, or for the sake of its twins. */
  private static boolean isCoveredOtherwise(
      CheckpointPublished known, CheckpointPublished checkpoint) {
    return known.getStep() != checkpoint.getStep()
        || !Objects.equals(known.getContentHash(), checkpoint.getContentHash());
  }

  /** Whether scorers would read something else than before, so that a failure may be mended. */
  private static boolean isElsewhere(CheckpointPublished known, CheckpointPublished checkpoint) {
    return !known.getLocation().equals(checkpoint.getLocation())
        || !known.getTokenizer().equals(checkpoint.getTokenizer())
        || !Objects.equals(known.getContentHash(), checkpoint.getContentHash());
  }
}
