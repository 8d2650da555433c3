package dev.castalia.topology.findings;

import dev.castalia.schemas.Keys;
import dev.castalia.topology.Bounds;
import dev.castalia.topology.Pace;
import dev.castalia.topology.Rhythm;
import dev.castalia.topology.Room;
import dev.castalia.topology.TaskScores;
import dev.castalia.topology.state.Changes;
import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.RunSeries;
import dev.castalia.topology.state.ScoredMetric;
import dev.castalia.topology.state.Section;
import dev.castalia.topology.state.SeriesCheckpoint;
import dev.castalia.topology.state.SeriesMetric;
import dev.castalia.topology.state.StatefulSupplier;
import dev.castalia.topology.state.TaskScore;
import dev.castalia.topology.trajectories.Trajectories;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Hands on the complete scores of a run on a task as one record, now and then for those that
 * changed: the findings cost nothing a score, and little a series. Stands beside {@link
 * Trajectories}, whose store it reads. Says how many are still to be handed on.
 */
public final class SeriesFeed implements Processor<String, TaskScore, String, SpecificRecord> {

  private static final String STORE = "series";

  /** Of a checkpoint, but for its names. */
  private static final int CHECKPOINT_BYTES = 30;

  private final Rhythm rhythm;
  private final Pace pace;
  private ProcessorContext<String, SpecificRecord> context;
  private Section<TaskScore> points;

  /** Series that were not handed on since their last change. */
  private Changes changes;

  /** By series: the parent it was handed on with, empty for none: findings are gathered by it. */
  private Section<Mark> parents;

  private Pending pending;

  private SeriesFeed(Rhythm rhythm) {
    this.rhythm = rhythm;
    this.pace = rhythm.pace();
  }

  /** To be connected to {@link Trajectories#STORE}. */
  public static ProcessorSupplier<String, TaskScore, String, SpecificRecord> supplier(
      Rhythm rhythm) {
    return new StatefulSupplier<>(() -> new SeriesFeed(rhythm), STORE, Mark.class);
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> context) {
    this.context = context;
    points = Trajectories.points(context.getStateStore(Trajectories.STORE));
    KeyValueStore<String, SpecificRecord> store = context.getStateStore(STORE);
    changes = new Changes(new Section<>(store, 'd', Mark.class));
    parents = new Section<>(store, 'p', Mark.class);
    context.schedule(
        rhythm.every(), PunctuationType.WALL_CLOCK_TIME, time -> pace.run(time, this::turn));
    pending =
        new Pending(
            STORE,
            context,
            it -> context.forward(new Record<>(Keys.of(it), it, it.getAt().toEpochMilli())));
  }

  @Override
  public void process(Record<String, TaskScore> record) {
    changes.add(TaskScores.series(record.value()));
    pending.are(changes.size());
  }

  private void turn() {
    changes.tell(this::handOn, rhythm.turn());
    pending.tell(changes.size());
  }

  private void handOn(String series) {
    RunSeries run = series(Trajectories.latest(points, series));
    Mark parent = new Mark(run.getParent() == null ? "" : run.getParent());
    Mark before = parents.get(series);
    if (!parent.equals(before)) {
      parents.put(series, parent);
      if (before != null) {
        forward(series, gone(run, before.getText()));
      }
    }
    forward(series, run);
  }

  private void forward(String series, RunSeries run) {
    context.forward(new Record<>(series, run, context.currentSystemTimeMs()));
  }

  /** The series as of another parent, with nothing left in it. */
  private static RunSeries gone(RunSeries run, String parent) {
    return RunSeries.newBuilder(run)
        .setParent(parent.isEmpty() ? null : parent)
        .setCheckpoints(List.of())
        .setMetrics(List.of())
        .build();
  }

  /**
   * Of what a source reported, nothing more is to come, on however many documents it was scored.
   */
  private static boolean isComplete(TaskScore score) {
    return score.getSource() != null || score.getDocuments() == score.getOfDocuments();
  }

  /**
   * Empty where no score of the series is complete, or none stands any more. Of more than a record
   * has room for: some checkpoints that lie evenly, and the metrics that most of them have.
   */
  static RunSeries series(List<TaskScore> scores) {
    List<TaskScore> standing = scores.stream().filter(it -> !it.getMetrics().isEmpty()).toList();
    List<TaskScore> complete =
        Room.evenly(standing.stream().filter(SeriesFeed::isComplete).toList(), SeriesFeed::bytes);
    // What does not stand any more may be of a run that was described otherwise.
    TaskScore any =
        Stream.of(complete, standing, scores).flatMap(List::stream).findFirst().orElseThrow();
    return new RunSeries(
        any.getModel(),
        any.getSuite(),
        any.getParameters(),
        any.getVariant(),
        any.getSeed(),
        any.getLanguage(),
        any.getParent(),
        any.getLearningRate(),
        any.getTask(),
        any.getVersion(),
        any.getTaskRegisteredAt(),
        any.getTaskLanguage(),
        any.getShots(),
        any.getDtype(),
        any.getSource(),
        complete.stream()
            .map(
                it ->
                    new SeriesCheckpoint(
                        it.getRevision(), it.getStep(), it.getTokensSeen(), it.getFingerprint()))
            .toList(),
        metrics(complete));
  }

  private static int bytes(TaskScore score) {
    String fingerprint = score.getFingerprint();
    return CHECKPOINT_BYTES
        + Utils.utf8Length(score.getRevision())
        + (fingerprint == null ? 0 : Utils.utf8Length(fingerprint));
  }

  private static List<SeriesMetric> metrics(List<TaskScore> scores) {
    Map<String, SeriesMetric> metrics = new LinkedHashMap<>();
    shared(scores).forEach(it -> metrics.put(it.getMetric(), empty(it, scores.size())));
    for (int i = 0; i < scores.size(); i++) {
      for (ScoredMetric score : scores.get(i).getMetrics()) {
        SeriesMetric metric = metrics.get(score.getMetric());
        if (metric != null) {
          metric.getValues().set(i, score.getValue());
          metric.getStderrs().set(i, score.getStderr() == null ? Double.NaN : score.getStderr());
        }
      }
    }
    return List.copyOf(metrics.values());
  }

  /** A score by each metric, of more than there is room for by those that most have. */
  private static List<ScoredMetric> shared(List<TaskScore> scores) {
    Map<String, ScoredMetric> firsts = new LinkedHashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    for (TaskScore score : scores) {
      for (ScoredMetric metric : score.getMetrics()) {
        firsts.putIfAbsent(metric.getMetric(), metric);
        counts.merge(metric.getMetric(), 1, Integer::sum);
      }
    }
    int most = Math.clamp(Bounds.VALUES / Math.max(1, scores.size()), 1, Bounds.METRICS);
    if (firsts.size() > most) {
      List<String> names = new ArrayList<>(firsts.keySet());
      names.sort(Comparator.comparing(counts::get, Comparator.reverseOrder()));
      firsts.keySet().retainAll(Set.copyOf(names.subList(0, most)));
    }
    return List.copyOf(firsts.values());
  }

  private static SeriesMetric empty(ScoredMetric score, int size) {
    return new SeriesMetric(
        score.getMetric(),
        score.getAggregation(),
        score.getDirection(),
        score.getTarget(),
        score.getChance(),
        new ArrayList<>(Collections.nCopies(size, Double.NaN)),
        new ArrayList<>(Collections.nCopies(size, Double.NaN)));
  }
}
