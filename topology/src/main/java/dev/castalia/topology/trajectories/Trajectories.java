package dev.castalia.topology.trajectories;

import dev.castalia.events.Trajectory;
import dev.castalia.events.TrajectoryPoint;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.Pace;
import dev.castalia.topology.Rhythm;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Lines up the scores of one training run and task by step. */
public final class Trajectories implements Processor<String, TaskScore, String, Trajectory> {

  /** Name of its store, for those who read it, too. */
  public static final String STORE = "trajectories";

  /** As many as a long has at most. */
  private static final int STEP_DIGITS = 19;

  private static final Comparator<TaskScore> BY_VERSION =
      Comparator.comparing(TaskScore::getTaskRegisteredAt).thenComparing(TaskScore::getVersion);

  private final Rhythm rhythm;
  private final Pace pace;
  private ProcessorContext<String, Trajectory> context;

  /** By series|step|revision, steps padded so that they sort as numbers. */
  private Section<TaskScore> points;

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
    String step = Long.toString(score.getStep());
    points.put(
        String.join(
            Keys.SEPARATOR,
            series,
            "0".repeat(STEP_DIGITS - step.length()) + step,
            score.getRevision()),
        score);
    changes.add(series);
  }

  private void publish(String series) {
    for (Trajectory trajectory : trajectories(series)) {
      context.forward(new Record<>(Keys.of(trajectory), trajectory, context.currentSystemTimeMs()));
    }
  }

  /** The part of the store that holds the scores. */
  public static Section<TaskScore> points(KeyValueStore<String, SpecificRecord> store) {
    return new Section<>(store, 'p', TaskScore.class);
  }

  /** The scores of one series, by step, that are of the task's latest version. */
  public static List<TaskScore> comparable(Section<TaskScore> points, String series) {
    List<TaskScore> all = new ArrayList<>();
    points.forEach(series + Keys.SEPARATOR, (point, score) -> all.add(score));
    TaskScore latest = all.stream().max(BY_VERSION).orElseThrow();
    return all.stream()
        .filter(it -> it.getVersion().equals(latest.getVersion()))
        .filter(it -> !it.getMetrics().isEmpty())
        .toList();
  }

  /** One trajectory a metric. */
  private List<Trajectory> trajectories(String series) {
    List<TaskScore> comparable = comparable(points, series);
    Map<String, ScoredMetric> metrics = new LinkedHashMap<>();
    for (TaskScore score : comparable) {
      score.getMetrics().forEach(metric -> metrics.putIfAbsent(metric.getMetric(), metric));
    }
    return metrics.values().stream().map(metric -> trajectory(comparable, metric)).toList();
  }

  private static Trajectory trajectory(List<TaskScore> scores, ScoredMetric metric) {
    TaskScore any = scores.getFirst();
    long updatedAt = scores.stream().mapToLong(TaskScore::getUpdatedAt).max().orElseThrow();
    return new Trajectory(
        any.getModel(),
        any.getTask(),
        any.getVersion(),
        TaskScores.spec(metric),
        any.getShots(),
        any.getDtype(),
        scores.stream().flatMap(it -> point(it, metric.getMetric())).toList(),
        Instant.ofEpochMilli(updatedAt),
        any.getSource());
  }

  /** The checkpoint's point; none where a source reports other metrics of it. */
  private static Stream<TrajectoryPoint> point(TaskScore score, String metric) {
    return score.getMetrics().stream()
        .filter(it -> it.getMetric().equals(metric))
        .map(it -> point(score, it));
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
