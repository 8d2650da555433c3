package dev.castalia.topology.findings;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.MetricScore;
import dev.castalia.events.Scorecard;
import dev.castalia.topology.Pace;
import dev.castalia.topology.Rhythm;
import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.RunSeries;
import dev.castalia.topology.state.Section;
import dev.castalia.topology.state.SeriesCheckpoint;
import dev.castalia.topology.state.SeriesMetric;
import dev.castalia.topology.state.StateSerde;
import dev.castalia.topology.trajectories.Trajectories;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * Hands on the complete scores of a run on a task as one record, now and then for those that
 * changed: the findings cost nothing a score, and little a series. Stands beside {@link
 * Trajectories}, whose store it reads.
 */
public final class SeriesFeed implements Processor<String, Scorecard, String, RunSeries> {

  private static final String STORE = "series";
  private static final int MOST_A_TURN = 500;
  private static final int REST = 20;

  private final Duration every;
  private final Pace pace;
  private ProcessorContext<String, RunSeries> context;
  private Section<Scorecard> points;

  /** By key: not handed on since its last change. */
  private Section<Mark> dirty;

  private String cursor = "";

  private SeriesFeed(Rhythm rhythm) {
    this.every = rhythm.every();
    this.pace = rhythm.pace(REST);
  }

  /** To be connected to {@link Trajectories#STORE}. */
  public static ProcessorSupplier<String, Scorecard, String, RunSeries> supplier(Rhythm rhythm) {
    return new ProcessorSupplier<>() {
      @Override
      public Processor<String, Scorecard, String, RunSeries> get() {
        return new SeriesFeed(rhythm);
      }

      @Override
      public Set<StoreBuilder<?>> stores() {
        return Set.of(
            Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(STORE),
                    Serdes.String(),
                    new StateSerde(Mark.class))
                .withCachingEnabled());
      }
    };
  }

  @Override
  public void init(ProcessorContext<String, RunSeries> context) {
    this.context = context;
    points = Trajectories.points(context.getStateStore(Trajectories.STORE));
    KeyValueStore<String, SpecificRecord> store = context.getStateStore(STORE);
    dirty = new Section<>(store, 'd', Mark.class);
    context.schedule(every, PunctuationType.WALL_CLOCK_TIME, time -> pace.run(time, this::turn));
  }

  @Override
  public void process(Record<String, Scorecard> record) {
    dirty.put(record.key(), new Mark(""));
  }

  private void turn() {
    List<String> keys = keysAfter(cursor);
    if (keys.isEmpty()) {
      keys = keysAfter("");
    }
    for (String key : keys) {
      dirty.remove(key);
      cursor = key;
      List<Scorecard> comparable = Trajectories.comparable(points, key);
      if (!comparable.isEmpty()) {
        context.forward(new Record<>(key, series(comparable), context.currentSystemTimeMs()));
      }
    }
  }

  private List<String> keysAfter(String after) {
    List<String> keys = new ArrayList<>();
    try (Section.Entries<Mark> entries = dirty.after(after)) {
      while (entries.hasNext() && keys.size() < MOST_A_TURN) {
        keys.add(entries.next().key);
      }
    }
    return keys;
  }

  private static RunSeries series(List<Scorecard> scorecards) {
    List<Scorecard> complete =
        scorecards.stream().filter(it -> it.getDocuments() == it.getOfDocuments()).toList();
    Scorecard any = scorecards.getFirst();
    CheckpointPublished checkpoint = any.getCheckpoint();
    return new RunSeries(
        checkpoint.getModel(),
        checkpoint.getSuite(),
        checkpoint.getParameters(),
        checkpoint.getVariant(),
        checkpoint.getSeed(),
        checkpoint.getLanguage(),
        checkpoint.getParent(),
        checkpoint.getLearningRate(),
        any.getTask(),
        any.getVersion(),
        any.getTaskRegisteredAt().toEpochMilli(),
        any.getLanguage(),
        any.getShots(),
        any.getDtype(),
        any.getSource(),
        complete.stream()
            .map(
                it ->
                    new SeriesCheckpoint(
                        it.getCheckpoint().getRevision(),
                        it.getCheckpoint().getStep(),
                        it.getCheckpoint().getTokensSeen(),
                        it.getFingerprint()))
            .toList(),
        metrics(complete));
  }

  private static List<SeriesMetric> metrics(List<Scorecard> scorecards) {
    Map<String, SeriesMetric> metrics = new LinkedHashMap<>();
    for (int i = 0; i < scorecards.size(); i++) {
      for (MetricScore score : scorecards.get(i).getMetrics()) {
        SeriesMetric metric =
            metrics.computeIfAbsent(
                score.getSpec().getMetric(), name -> empty(score, scorecards.size()));
        metric.getValues().set(i, score.getValue());
        metric.getStderrs().set(i, score.getStderr() == null ? Double.NaN : score.getStderr());
      }
    }
    return List.copyOf(metrics.values());
  }

  private static SeriesMetric empty(MetricScore score, int size) {
    return new SeriesMetric(
        score.getSpec().getMetric(),
        score.getSpec().getAggregation().name(),
        score.getSpec().getDirection().name(),
        score.getSpec().getTarget(),
        score.getSpec().getChance(),
        new ArrayList<>(Collections.nCopies(size, Double.NaN)),
        new ArrayList<>(Collections.nCopies(size, Double.NaN)));
  }
}
