package dev.castalia.topology.trajectories;

import dev.castalia.events.Trajectory;
import dev.castalia.events.TrajectoryPoint;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.Pace;
import dev.castalia.topology.Rhythm;
import dev.castalia.topology.Room;
import dev.castalia.topology.TaskScores;
import dev.castalia.topology.state.Changes;
import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.ScoredMetric;
import dev.castalia.topology.state.Section;
import dev.castalia.topology.state.StatefulSupplier;
import dev.castalia.topology.state.TaskScore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Lines up the scores of one training run and task by step: all of them, or of more than a record
 * has room for some that lie evenly.
 */
public final class Trajectories implements Processor<String, TaskScore, String, Trajectory> {

  /** Name of its store, for those who read it, too. */
  public static final String STORE = "trajectories";

  /** Of a point, but for its revision. */
  private static final int POINT_BYTES = 60;

  /** As many as a long has at most. */
  private static final int STEP_DIGITS = 19;

  private static final Comparator<TaskScore> BY_VERSION =
      Comparator.comparing(TaskScore::getTaskRegisteredAt).thenComparing(TaskScore::getVersion);

  private final Rhythm rhythm;
  private final Pace pace;
  private ProcessorContext<String, Trajectory> context;

  /** By series|step|revision, steps padded so that they sort as numbers. */
  private Section<TaskScore> points;

  /** By series|revision: the step of its point, as in the point's key. */
  private Section<Mark> steps;

  /** By series|metric: the key of the trajectory that is published. */
  private Section<Mark> published;

  /** Series that are not published since their last change. */
  private Changes changes;

  private Trajectories(Rhythm rhythm) {
    this.rhythm = rhythm;
    this.pace = rhythm.pace();
  }

  /**
   * @param rhythm when changed trajectories are published
   */
  public static ProcessorSupplier<String, TaskScore, String, Trajectory> supplier(Rhythm rhythm) {
    return new StatefulSupplier<>(
        () -> new Trajectories(rhythm), STORE, TaskScore.class, Mark.class);
  }

  @Override
  public void init(ProcessorContext<String, Trajectory> context) {
    this.context = context;
    KeyValueStore<String, SpecificRecord> store = context.getStateStore(STORE);
    points = points(store);
    steps = new Section<>(store, 's', Mark.class);
    published = new Section<>(store, 't', Mark.class);
    changes = new Changes(new Section<>(store, 'd', Mark.class));
    context.schedule(
        rhythm.every(),
        PunctuationType.WALL_CLOCK_TIME,
        time -> pace.run(time, () -> changes.tell(this::publish, rhythm.turn())));
  }

  @Override
  public void process(Record<String, TaskScore> record) {
    TaskScore score = record.value();
    String series = TaskScores.series(score);
    Mark step = new Mark(padded(score.getStep()));
    String revision = series + Keys.SEPARATOR + score.getRevision();
    Mark before = steps.get(revision);
    if (!step.equals(before)) {
      steps.put(revision, step);
      if (before != null) {
        points.remove(point(series, before, score.getRevision()));
      }
    }
    points.put(point(series, step, score.getRevision()), score);
    changes.add(series);
  }

  private static String padded(long step) {
    String digits = Long.toString(step);
    return "0".repeat(STEP_DIGITS - digits.length()) + digits;
  }

  private static String point(String series, Mark step, String revision) {
    return String.join(Keys.SEPARATOR, series, step.getText(), revision);
  }

  /** Publishes what there is of the series, and deletes what there is no more. */
  private void publish(String series) {
    Map<String, Mark> gone = new TreeMap<>();
    published.forEach(series + Keys.SEPARATOR, gone::put);
    for (Trajectory trajectory : trajectories(latest(points, series))) {
      String line = series + Keys.SEPARATOR + trajectory.getMetric().getMetric();
      String key = Keys.of(trajectory);
      if (gone.remove(line) == null) {
        published.put(line, new Mark(key));
      }
      forward(key, trajectory);
    }
    gone.forEach(
        (line, key) -> {
          published.remove(line);
          forward(key.getText(), null);
        });
  }

  private void forward(String key, Trajectory trajectory) {
    context.forward(new Record<>(key, trajectory, context.currentSystemTimeMs()));
  }

  /** The part of the store that holds the scores. */
  public static Section<TaskScore> points(KeyValueStore<String, SpecificRecord> store) {
    return new Section<>(store, 'p', TaskScore.class);
  }

  /**
   * The scores of one series, by step, that are of the task's latest version: without metrics those
   * of which nothing stands any more.
   */
  public static List<TaskScore> latest(Section<TaskScore> points, String series) {
    List<TaskScore> all = new ArrayList<>();
    points.forEach(series + Keys.SEPARATOR, (point, score) -> all.add(score));
    TaskScore latest = all.stream().max(BY_VERSION).orElseThrow();
    return all.stream().filter(it -> it.getVersion().equals(latest.getVersion())).toList();
  }

  /** One a metric. */
  static List<Trajectory> trajectories(List<TaskScore> scores) {
    List<TaskScore> scored = scores.stream().filter(it -> !it.getMetrics().isEmpty()).toList();
    long updatedAt = scored.stream().mapToLong(TaskScore::getUpdatedAt).max().orElse(0);
    Map<String, ScoredMetric> metrics = new LinkedHashMap<>();
    Map<String, List<TrajectoryPoint>> lines = new HashMap<>();
    for (TaskScore score : scored) {
      for (ScoredMetric metric : score.getMetrics()) {
        metrics.putIfAbsent(metric.getMetric(), metric);
        lines
            .computeIfAbsent(metric.getMetric(), name -> new ArrayList<>())
            .add(point(score, metric));
      }
    }
    return metrics.values().stream()
        .map(it -> trajectory(scored.getFirst(), it, lines.get(it.getMetric()), updatedAt))
        .toList();
  }

  private static Trajectory trajectory(
      TaskScore any, ScoredMetric metric, List<TrajectoryPoint> line, long updatedAt) {
    return new Trajectory(
        any.getModel(),
        any.getTask(),
        any.getVersion(),
        TaskScores.spec(metric),
        any.getShots(),
        any.getDtype(),
        Room.evenly(line, it -> POINT_BYTES + Utils.utf8Length(it.getRevision())),
        Instant.ofEpochMilli(updatedAt),
        any.getSource());
  }

  private static TrajectoryPoint point(TaskScore score, ScoredMetric metric) {
    return new TrajectoryPoint(
        score.getRevision(),
        score.getStep(),
        score.getTokensSeen(),
        metric.getValue(),
        metric.getStderr(),
        score.getDocuments(),
        score.getOfDocuments());
  }
}
