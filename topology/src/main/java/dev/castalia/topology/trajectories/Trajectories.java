package dev.castalia.topology.trajectories;

import dev.castalia.events.MetricScore;
import dev.castalia.events.MetricSpec;
import dev.castalia.events.Scorecard;
import dev.castalia.events.Trajectory;
import dev.castalia.events.TrajectoryPoint;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.Pace;
import dev.castalia.topology.Rhythm;
import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.Section;
import dev.castalia.topology.state.StateSerde;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Lines up the scorecards of one training run and task by step.
 *
 * <p>Records are keyed by {@link #key}; the trajectories of a task's metrics share a key.
 */
public final class Trajectories implements Processor<String, Scorecard, String, Trajectory> {

  /** Name of its store, for those who read it, too. */
  public static final String STORE = "trajectories";

  private static final int REST = 30;

  /** As many as a long has at most. */
  private static final int STEP_DIGITS = 19;

  private static final Comparator<Scorecard> BY_VERSION =
      Comparator.comparing(Scorecard::getTaskRegisteredAt).thenComparing(Scorecard::getVersion);

  private final Duration every;
  private final Pace pace;
  private ProcessorContext<String, Trajectory> context;

  /** By key|step|revision, steps padded so that they sort as numbers. */
  private Section<Scorecard> points;

  /** By key: not published since its last change. */
  private Section<Mark> dirty;

  private Trajectories(Rhythm rhythm) {
    this.every = rhythm.every();
    this.pace = rhythm.pace(REST);
  }

  /**
   * @param rhythm when changed trajectories are published
   */
  public static ProcessorSupplier<String, Scorecard, String, Trajectory> supplier(Rhythm rhythm) {
    return new ProcessorSupplier<>() {
      @Override
      public Processor<String, Scorecard, String, Trajectory> get() {
        return new Trajectories(rhythm);
      }

      @Override
      public Set<StoreBuilder<?>> stores() {
        return Set.of(
            Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(STORE),
                    Serdes.String(),
                    new StateSerde(Scorecard.class, Mark.class))
                .withCachingEnabled());
      }
    };
  }

  /** What scorecards on the same trajectories have in common. */
  public static String key(Scorecard scorecard) {
    return String.join(
        Keys.SEPARATOR,
        scorecard.getCheckpoint().getModel(),
        scorecard.getTask(),
        Keys.measured(scorecard.getShots(), scorecard.getDtype(), scorecard.getSource()));
  }

  @Override
  public void init(ProcessorContext<String, Trajectory> context) {
    this.context = context;
    KeyValueStore<String, SpecificRecord> store = context.getStateStore(STORE);
    points = points(store);
    dirty = new Section<>(store, 'd', Mark.class);
    context.schedule(every, PunctuationType.WALL_CLOCK_TIME, time -> pace.run(time, this::publish));
  }

  @Override
  public void process(Record<String, Scorecard> record) {
    Scorecard scorecard = record.value();
    String step = Long.toString(scorecard.getCheckpoint().getStep());
    String point =
        String.join(
            Keys.SEPARATOR,
            record.key(),
            "0".repeat(STEP_DIGITS - step.length()) + step,
            scorecard.getCheckpoint().getRevision());
    points.put(point, scorecard);
    dirty.put(record.key(), new Mark(""));
  }

  private void publish() {
    dirty.forEach(
        "",
        (key, mark) -> {
          dirty.remove(key);
          for (Trajectory trajectory : trajectories(key)) {
            context.forward(
                new Record<>(Keys.of(trajectory), trajectory, context.currentSystemTimeMs()));
          }
        });
  }

  /** The part of the store that holds the scorecards. */
  public static Section<Scorecard> points(KeyValueStore<String, SpecificRecord> store) {
    return new Section<>(store, 'p', Scorecard.class);
  }

  /** The scorecards of one key, by step, that are of the task's latest version. */
  public static List<Scorecard> comparable(Section<Scorecard> points, String key) {
    List<Scorecard> all = new ArrayList<>();
    points.forEach(key + Keys.SEPARATOR, (point, scorecard) -> all.add(scorecard));
    Scorecard latest = all.stream().max(BY_VERSION).orElseThrow();
    return all.stream()
        .filter(it -> it.getVersion().equals(latest.getVersion()))
        .filter(it -> !it.getMetrics().isEmpty())
        .toList();
  }

  /** One trajectory a metric. */
  private List<Trajectory> trajectories(String key) {
    List<Scorecard> comparable = comparable(points, key);
    Map<String, MetricSpec> metrics = new LinkedHashMap<>();
    for (Scorecard scorecard : comparable) {
      scorecard
          .getMetrics()
          .forEach(score -> metrics.putIfAbsent(score.getSpec().getMetric(), score.getSpec()));
    }
    return metrics.values().stream().map(metric -> trajectory(comparable, metric)).toList();
  }

  private static Trajectory trajectory(List<Scorecard> scorecards, MetricSpec metric) {
    Scorecard any = scorecards.getFirst();
    Instant updatedAt =
        scorecards.stream().map(Scorecard::getUpdatedAt).max(Comparator.naturalOrder()).get();
    return new Trajectory(
        any.getCheckpoint().getModel(),
        any.getTask(),
        any.getVersion(),
        metric,
        any.getShots(),
        any.getDtype(),
        scorecards.stream().flatMap(it -> point(it, metric.getMetric())).toList(),
        updatedAt,
        any.getSource());
  }

  /** The checkpoint's point; none where a source reports other metrics of it. */
  private static Stream<TrajectoryPoint> point(Scorecard scorecard, String metric) {
    return scorecard.getMetrics().stream()
        .filter(score -> score.getSpec().getMetric().equals(metric))
        .map(score -> point(scorecard, score));
  }

  private static TrajectoryPoint point(Scorecard scorecard, MetricScore score) {
    return new TrajectoryPoint(
        scorecard.getCheckpoint().getRevision(),
        scorecard.getCheckpoint().getStep(),
        scorecard.getCheckpoint().getTokensSeen(),
        score.getValue(),
        score.getStderr(),
        scorecard.getDocuments(),
        scorecard.getOfDocuments());
  }
}
