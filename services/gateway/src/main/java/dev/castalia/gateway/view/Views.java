package dev.castalia.gateway.view;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.Finding;
import dev.castalia.events.FindingsPending;
import dev.castalia.events.Leaderboard;
import dev.castalia.events.Scorecard;
import dev.castalia.events.SliceScored;
import dev.castalia.events.SweepCancelled;
import dev.castalia.events.SweepProgress;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.TaskRegistered;
import dev.castalia.events.Trajectory;
import dev.castalia.schemas.Topic;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * What the gateway knows: the latest of everything in the topics it serves. {@link ViewReader}
 * fills it; everybody else reads.
 */
@Singleton
public class Views {

  /** Record header of a sweep: digest of the request as its client wrote it. */
  public static final String REQUEST_DIGEST = "castalia.request-digest";

  /** Record header of a failure that was put away: who did. */
  public static final String DISMISSED_BY = "castalia.dismissed-by";

  /** Of more, those silent longest are forgotten: anybody can write scores under any id. */
  private static final int MOST_SCORERS = 2000;

  /** Of each topic, so that a reader who comes back learns of them. */
  private static final int DELETIONS_KEPT = 10_000;

  private final View<TaskRegistered> tasks;
  private final View<CheckpointPublished> checkpoints;
  private final View<Sweep> sweeps;
  private final View<Scorecard> scorecards;
  private final View<Leaderboard> leaderboards;
  private final View<Trajectory> trajectories;
  private final View<Finding> findings;
  private final View<SweepProgress> progress;
  private final View<EvaluationFailed> failures;
  private final View<ScorerActivity> scorers;

  /** What waits to be computed from, by the key of what says so. */
  private final Map<String, Integer> pending = new ConcurrentHashMap<>();

  private final Map<Topic, View<?>> all = new EnumMap<>(Topic.class);
  private final Interning interning = new Interning();
  private final Twins twins = new Twins();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition advanced = lock.newCondition();
  private long turn;
  private volatile Optional<String> identity = Optional.empty();
  private volatile int generation;

  @Inject
  Views() {
    this(DELETIONS_KEPT);
  }

  public Views(int deletionsKept) {
    tasks = add(Topic.TASKS, deletionsKept);
    checkpoints = add(Topic.CHECKPOINTS, deletionsKept);
    sweeps = add(Topic.SWEEPS, deletionsKept);
    scorecards = add(Topic.SCORECARDS, deletionsKept);
    leaderboards = add(Topic.LEADERBOARDS, deletionsKept);
    trajectories = add(Topic.TRAJECTORIES, deletionsKept);
    findings = add(Topic.FINDINGS, deletionsKept);
    progress = add(Topic.PROGRESS, deletionsKept);
    failures = add(Topic.FAILURES, deletionsKept);
    scorers = add(Topic.SCORES, deletionsKept);
    checkpoints.listen(twins);
  }

  private <V> View<V> add(Topic topic, int deletionsKept) {
    View<V> view = new View<>(topic, deletionsKept);
    all.put(topic, view);
    return view;
  }

  public View<TaskRegistered> tasks() {
    return tasks;
  }

  public View<CheckpointPublished> checkpoints() {
    return checkpoints;
  }

  /**
   * The names of the weights that are published as that checkpoint: what is scored or fails of them
   * may be on record under any. Empty where it is not published.
   *
   * @param checkpoint model@revision
   */
  public List<String> names(String checkpoint) {
    return checkpoints.get(checkpoint).map(twins::names).orElse(List.of());
  }

  /** Whether the checkpoint is not retired, or has the weights of one that is not. */
  public boolean isLoadable(CheckpointPublished checkpoint) {
    return !checkpoint.getRetired()
        || twins.names(checkpoint).stream()
            .anyMatch(name -> checkpoints.get(name).filter(it -> !it.getRetired()).isPresent());
  }

  public View<Sweep> sweeps() {
    return sweeps;
  }

  public View<Scorecard> scorecards() {
    return scorecards;
  }

  public View<Leaderboard> leaderboards() {
    return leaderboards;
  }

  public View<Trajectory> trajectories() {
    return trajectories;
  }

  public View<Finding> findings() {
    return findings;
  }

  /** How much that was scored the findings do not hold yet, of what the aggregator has read. */
  public int pendingFindings() {
    return pending.values().stream().mapToInt(Integer::intValue).sum();
  }

  public View<SweepProgress> progress() {
    return progress;
  }

  public View<EvaluationFailed> failures() {
    return failures;
  }

  /** What each scorer did last, by its id, from the latest scores alone. */
  public View<ScorerActivity> scorers() {
    return scorers;
  }

  /** The view of a topic that is served; null for the others. */
  public View<?> of(Topic topic) {
    return all.get(topic);
  }

  public List<View<?>> all() {
    return List.copyOf(all.values());
  }

  /**
   * Whether everything that was in the topics when they were opened has been read. Until then the
   * views say less than is true.
   */
  public boolean complete() {
    return identity.isPresent();
  }

  /**
   * What tells the topics read from others of the same names; empty while the views are not
   * complete.
   */
  public Optional<String> identity() {
    return identity;
  }

  /**
   * How often the views were emptied to be read anew. What was taken from them between two calls is
   * of one reading if both tell the same.
   */
  public int generation() {
    return generation;
  }

  /**
   * Waits until a record has been read.
   *
   * @throws TimeoutException if it was not in that time
   */
  public void await(Topic topic, int partition, long offset, Duration timeout)
      throws InterruptedException, TimeoutException {
    long left = timeout.toNanos();
    lock.lock();
    try {
      while (!isRead(topic, partition, offset)) {
        if (left <= 0) {
          throw new TimeoutException(
              "%s, partition %d was not read up to offset %d in %s"
                  .formatted(topic.topicName(), partition, offset, timeout));
        }
        left = advanced.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isRead(Topic topic, int partition, long offset) {
    long[] position = all.get(topic).position();
    return complete() && partition < position.length && position[partition] > offset;
  }

  /**
   * Waits until anything was read since a turn.
   *
   * @param seen what this method returned before; any number at first
   * @return the present turn
   */
  public long awaitTurn(long seen, Duration timeout) throws InterruptedException {
    long left = timeout.toNanos();
    lock.lock();
    try {
      while (turn == seen && left > 0) {
        left = advanced.awaitNanos(left);
      }
      return turn;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets everything, to read topics of so many partitions from their beginning. */
  void clear(Map<Topic, Integer> partitions) {
    identity = Optional.empty();
    // Before anything is gone, so that nobody misses it, and after the views are incomplete.
    generation = generation + 1;
    interning.clear();
    pending.clear();
    all.forEach((topic, view) -> view.clear(partitions.get(topic)));
    nextTurn();
  }

  /** Takes one event in; null deletes. */
  void apply(Topic topic, Row<SpecificRecord> row, Headers headers) {
    switch (topic) {
      case TASKS -> put(tasks, row, (TaskRegistered) row.value());
      case CHECKPOINTS -> put(checkpoints, row, (CheckpointPublished) row.value());
      case SWEEPS -> put(sweeps, row, sweep(row.value(), headers));
      case SCORECARDS ->
          put(scorecards, row, row.isDeletion() ? null : interning.share((Scorecard) row.value()));
      case LEADERBOARDS -> put(leaderboards, row, (Leaderboard) row.value());
      case TRAJECTORIES -> put(trajectories, row, (Trajectory) row.value());
      case FINDINGS -> finding(row);
      case PROGRESS -> put(progress, row, (SweepProgress) row.value());
      case FAILURES -> put(failures, row, failure(row.value(), headers));
      case SCORES -> work(row);
      case REQUESTS, REPORTED_SCORES, DEAD_LETTERS ->
          throw new IllegalArgumentException(topic + " is not served");
    }
  }

  private void finding(Row<SpecificRecord> row) {
    switch (row.value()) {
      case FindingsPending some -> pending.put(row.key(), some.getPending());
      case Finding finding -> put(findings, row, interning.share(finding));
      case null -> put(findings, row, null);
      default -> throw new IllegalArgumentException(row.value().getSchema() + " is no finding");
    }
  }

  private static <V> void put(View<V> view, Row<?> row, V value) {
    put(view, row.key(), row, value);
  }

  private static <V> void put(View<V> view, String key, Row<?> row, V value) {
    view.apply(new Row<>(key, value, row.partition(), row.offset(), row.at()));
  }

  /** A score that is deleted says nothing about who is at work. */
  private void work(Row<SpecificRecord> row) {
    if (row.value() instanceof SliceScored scored) {
      String scorer = scored.getScorer();
      ScorerActivity before = scorers.get(scorer).orElse(null);
      if (before == null && scorers.size() >= MOST_SCORERS) {
        put(scorers, silentLongest(), row, null);
      }
      put(scorers, scorer, row, ScorerActivity.after(before, scored));
    }
  }

  private String silentLongest() {
    return scorers.rows().stream()
        .min(Comparator.comparing(row -> row.value().lastAt()))
        .orElseThrow()
        .key();
  }

  /** A failure that is tried again, or was put away, is none any more. */
  private static EvaluationFailed failure(SpecificRecord event, Headers headers) {
    boolean isDismissed = headers.lastHeader(DISMISSED_BY) != null;
    return event instanceof EvaluationFailed failed && !isDismissed ? failed : null;
  }

  private static Sweep sweep(SpecificRecord event, Headers headers) {
    return switch (event) {
      case null -> null;
      case SweepRequested requested ->
          new Sweep.Requested(
              requested,
              Optional.ofNullable(headers.lastHeader(REQUEST_DIGEST))
                  .map(Header::value)
                  .map(bytes -> new String(bytes, StandardCharsets.UTF_8)));
      case SweepCancelled cancelled -> new Sweep.Cancelled(cancelled);
      default -> throw new IllegalArgumentException(event.getSchema() + " is not a sweep");
    };
  }

  void advance(Topic topic, int partition, long position) {
    all.get(topic).advance(partition, position);
  }

  /** From now on the views are complete. */
  void completed(String identityOfTopics) {
    identity = Optional.of(identityOfTopics);
    nextTurn();
  }

  /** Wakes those who wait for what has been read. */
  void nextTurn() {
    lock.lock();
    try {
      turn++;
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
