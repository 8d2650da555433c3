package dev.castalia.topology.reported;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.MetricScore;
import dev.castalia.events.ScoreReported;
import dev.castalia.events.Scorecard;
import dev.castalia.schemas.DeadLetter;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.MetricScores;
import dev.castalia.topology.Bounds;
import dev.castalia.topology.TopologyMonitor;
import dev.castalia.topology.state.Changes;
import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.Section;
import dev.castalia.topology.state.StatefulSupplier;
import java.nio.charset.StandardCharsets;
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
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Gathers what one source reported of one checkpoint on one task, a record a metric, into a
 * scorecard of that source. A score reported again as it was changes nothing. One by a metric more
 * than a scorecard may have is put aside.
 *
 * <p>Forwards {@link Scorecard}s, under their key; and of what is put aside the {@link
 * ScoreReported} with the header {@link DeadLetter#REASON}, and the {@link EvaluationFailed} that
 * says so, both under the dead letter's.
 *
 * <p>Records are keyed by checkpoint.
 */
public final class ReportedScores
    implements Processor<String, ScoreReported, String, SpecificRecord> {

  private static final String STORE = "reported";

  /** Scores of a scorecard come one after another. */
  private static final int KEPT = 256;

  /** Sources do not say which metric is a task's main one: what guessing has a level of is. */
  private static final Comparator<MetricScore> ORDER =
      Comparator.<MetricScore, Boolean>comparing(it -> it.getSpec().getChance() == null)
          .thenComparing(it -> it.getSpec().getMetric());

  private final Duration every;
  private final TopologyMonitor monitor;
  private ProcessorContext<String, SpecificRecord> context;

  /** By the scorecard's key. */
  private Section<Scorecard> cards;

  /** Keys of scorecards that were not published since their last change. */
  private Changes changes;

  private ReportedScores(Duration every, TopologyMonitor monitor) {
    this.every = every;
    this.monitor = monitor;
  }

  /**
   * @param every how often changed scorecards are published
   * @param monitor told of what is put aside
   */
  public static ProcessorSupplier<String, ScoreReported, String, SpecificRecord> supplier(
      Duration every, TopologyMonitor monitor) {
    return new StatefulSupplier<>(
        () -> new ReportedScores(every, monitor), STORE, Scorecard.class, Mark.class);
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> context) {
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
    try {
      check(before, score);
    } catch (IllegalArgumentException e) {
      putAside(record, e.getMessage());
      return;
    }
    Scorecard after = with(before, score);
    if (before == null || !sameButForTime(before, after)) {
      cards.put(key, after);
      changes.add(key);
    }
  }

  /**
   * That the scorecard has room for the score.
   *
   * @param card what the source reported already; null for nothing
   * @throws IllegalArgumentException if it has not; the message says what to do
   */
  public static void check(Scorecard card, ScoreReported score) {
    String metric = score.getMetric().getMetric();
    if (card != null
        && card.getVersion().equals(score.getVersion())
        && card.getMetrics().size() >= Bounds.METRICS
        && card.getMetrics().stream().noneMatch(it -> it.getSpec().getMetric().equals(metric))) {
      throw new IllegalArgumentException(
          "metric %s is one more than the %d that one source may report of a checkpoint on a task: report it of a task of another name"
              .formatted(metric, Bounds.METRICS));
    }
  }

  private void putAside(Record<String, ScoreReported> record, String reason) {
    monitor.putAside();
    RecordMetadata from = context.recordMetadata().orElseThrow();
    DeadLetter letter = new DeadLetter(from.topic(), from.partition(), from.offset(), reason);
    long now = context.currentSystemTimeMs();
    context.forward(new Record<>(letter.key(), letter.failure(Instant.ofEpochMilli(now)), now));
    record.headers().add(DeadLetter.REASON, letter.reason().getBytes(StandardCharsets.UTF_8));
    context.forward(record.withKey(letter.key()));
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
