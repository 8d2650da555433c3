package dev.castalia.topology.reported;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.MetricScore;
import dev.castalia.events.ScoreReported;
import dev.castalia.events.Scorecard;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.MetricScores;
import dev.castalia.topology.state.Changes;
import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.Section;
import dev.castalia.topology.state.StatefulSupplier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Gathers what one source reported of one checkpoint on one task, a record a metric, into a
 * scorecard of that source. A score reported again as it was changes nothing.
 *
 * <p>Records are keyed by checkpoint.
 */
public final class ReportedScores implements Processor<String, ScoreReported, String, Scorecard> {

  private static final String STORE = "reported";

  /** Scores of a scorecard come one after another. */
  private static final int KEPT = 256;

  /** Sources do not say which metric is a task's main one: what guessing has a level of is. */
  private static final Comparator<MetricScore> ORDER =
      Comparator.<MetricScore, Boolean>comparing(it -> it.getSpec().getChance() == null)
          .thenComparing(it -> it.getSpec().getMetric());

  private final Duration every;
  private ProcessorContext<String, Scorecard> context;

  /** By the scorecard's key. */
  private Section<Scorecard> cards;

  /** Keys of scorecards that were not published since their last change. */
  private Changes changes;

  private ReportedScores(Duration every) {
    this.every = every;
  }

  /**
   * @param every how often changed scorecards are published
   */
  public static ProcessorSupplier<String, ScoreReported, String, Scorecard> supplier(
      Duration every) {
    return new StatefulSupplier<>(
        () -> new ReportedScores(every), STORE, Scorecard.class, Mark.class);
  }

  @Override
  public void init(ProcessorContext<String, Scorecard> context) {
    this.context = context;
    KeyValueStore<String, SpecificRecord> store = context.getStateStore(STORE);
    cards = new Section<>(store, 'c', Scorecard.class, KEPT);
    changes = new Changes(new Section<>(store, 'd', Mark.class));
    context.schedule(every, PunctuationType.WALL_CLOCK_TIME, time -> changes.tell(this::publish));
  }

  @Override
  public void process(Record<String, ScoreReported> record) {
    ScoreReported score = record.value();
    String key =
        Keys.scorecard(record.key(), score.getTask(), score.getShots(), "", score.getSource());
    Scorecard before = cards.get(key);
    if (before == null || !isKnown(before, score)) {
      cards.put(key, with(before, score));
      changes.add(key);
    }
  }

  /** Whether a scorecard of what a source reported already says this. */
  public static boolean isKnown(Scorecard card, ScoreReported score) {
    return sameButForTime(card, with(card, score));
  }

  private static boolean sameButForTime(Scorecard one, Scorecard other) {
    return areSame(one.getMetrics(), other.getMetrics())
        && one.getVersion().equals(other.getVersion())
        && one.getLanguage().equals(other.getLanguage())
        && one.getTags().equals(other.getTags())
        && one.getDocuments() == other.getDocuments()
        && one.getOfDocuments() == other.getOfDocuments()
        && published(one.getCheckpoint(), Instant.EPOCH)
            .equals(published(other.getCheckpoint(), Instant.EPOCH));
  }

  private static boolean areSame(List<MetricScore> some, List<MetricScore> others) {
    return some.size() == others.size()
        && IntStream.range(0, some.size())
            .allMatch(i -> MetricScores.areSame(some.get(i), others.get(i)));
  }

  private static CheckpointPublished published(CheckpointPublished checkpoint, Instant when) {
    return CheckpointPublished.newBuilder(checkpoint).setPublishedAt(when).build();
  }

  private static Scorecard with(Scorecard before, ScoreReported score) {
    List<MetricScore> metrics = new ArrayList<>();
    int documents = Objects.requireNonNullElse(score.getDocuments(), 0);
    int ofDocuments = Objects.requireNonNullElse(score.getOfDocuments(), documents);
    if (before != null && before.getVersion().equals(score.getVersion())) {
      metrics.addAll(before.getMetrics());
      metrics.removeIf(it -> it.getSpec().getMetric().equals(score.getMetric().getMetric()));
      if (score.getDocuments() == null) {
        documents = before.getDocuments();
        ofDocuments = before.getOfDocuments();
      }
    }
    metrics.add(new MetricScore(score.getMetric(), score.getValue(), score.getStderr()));
    metrics.sort(ORDER);
    Instant updatedAt = score.getReportedAt();
    if (before != null && before.getUpdatedAt().isAfter(updatedAt)) {
      updatedAt = before.getUpdatedAt();
    }
    return new Scorecard(
        published(score.getCheckpoint(), updatedAt),
        score.getTask(),
        score.getVersion(),
        score.getLanguage(),
        score.getTags(),
        score.getShots(),
        "",
        documents,
        ofDocuments,
        metrics,
        null,
        Instant.EPOCH,
        updatedAt,
        score.getSource(),
        null,
        null);
  }

  private void publish(String key) {
    context.forward(new Record<>(key, cards.get(key), context.currentSystemTimeMs()));
  }
}
