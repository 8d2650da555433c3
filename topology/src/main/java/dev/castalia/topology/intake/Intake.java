package dev.castalia.topology.intake;

import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.MetricValues;
import dev.castalia.events.RetryRequested;
import dev.castalia.events.ScoreReported;
import dev.castalia.events.SliceScored;
import dev.castalia.events.SweepCancelled;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.TaskRegistered;
import dev.castalia.schemas.CheckpointPartitioner;
import dev.castalia.schemas.Confusion;
import dev.castalia.schemas.DeadLetter;
import dev.castalia.schemas.EventReader;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Moments;
import dev.castalia.schemas.Topic;
import dev.castalia.schemas.UnreadableEventException;
import dev.castalia.topology.TopologyMonitor;
import dev.castalia.topology.documents.DocumentValues;
import dev.castalia.topology.state.ComparedRuns;
import dev.castalia.topology.state.ConfusionCell;
import dev.castalia.topology.state.MetricMoments;
import dev.castalia.topology.state.PackedMetric;
import dev.castalia.topology.state.SliceDocuments;
import dev.castalia.topology.state.UnitDigest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * The door of the topology: reads the records of every input topic, turns away what means nothing,
 * and passes on the rest in the form the ledger wants, per-document values folded to moments and
 * packed.
 */
public final class Intake implements Processor<byte[], byte[], String, IntakeOutput> {

  private final EventReader reader;
  private final int partitions;
  private final TopologyMonitor monitor;
  private ProcessorContext<String, IntakeOutput> context;

  /**
   * @param partitions of the ledger
   * @param monitor told of what is turned away
   */
  public Intake(
      Deserializer<SpecificRecord> deserializer, int partitions, TopologyMonitor monitor) {
    this.reader = new EventReader(deserializer);
    this.partitions = partitions;
    this.monitor = monitor;
  }

  /** Whether the event concerns every partition of the ledger, and not one checkpoint. */
  public static boolean isForAll(SpecificRecord event) {
    return event instanceof TaskRegistered
        || event instanceof SweepRequested
        || event instanceof SweepCancelled
        || event instanceof ComparedRuns;
  }

  @Override
  public void init(ProcessorContext<String, IntakeOutput> context) {
    this.context = context;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    if (record.value() == null) {
      return;
    }
    RecordMetadata from = context.recordMetadata().orElseThrow();
    try {
      SpecificRecord event = read(from.topic(), record);
      switch (event) {
        case SliceScored score -> accept(record, from, score);
        case EvaluationFailed failure -> {
          if (failure.getUnit() != null) {
            accept(record, failure.getUnit().getCheckpoint(), failure);
          }
        }
        case ScoreReported score -> {
          String checkpoint = Keys.of(score.getCheckpoint());
          context.forward(
              record
                  .<String>withKey(checkpoint)
                  .withValue(new IntakeOutput.Reported(score, isAtHome(checkpoint, from))));
        }
        case RetryRequested retry -> accept(record, retry.getUnit().getCheckpoint(), retry);
        default -> accept(record, EventRules.check(event), event);
      }
    } catch (UnreadableEventException e) {
      refuse(record, from, e);
    }
  }

  private SpecificRecord read(String topic, Record<byte[], byte[]> record)
      throws UnreadableEventException {
    SpecificRecord event = reader.read(topic, record.value());
    if (!Topic.named(topic).events().contains(event.getClass())) {
      throw new UnreadableEventException(
          event.getSchema().getFullName() + " does not belong on this topic");
    }
    try {
      EventRules.check(
          record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8), event);
    } catch (IllegalArgumentException e) {
      throw new UnreadableEventException(e.getMessage(), e);
    }
    return event;
  }

  private void accept(Record<byte[], byte[]> record, RecordMetadata from, SliceScored score) {
    String checkpoint = score.getUnit().getCheckpoint();
    if (isAtHome(checkpoint, from)) {
      context.forward(
          record.<String>withKey(checkpoint).withValue(new IntakeOutput.AtHome(digest(score))));
    } else {
      accept(record, checkpoint, digest(score));
    }
  }

  private boolean isAtHome(String checkpoint, RecordMetadata from) {
    return CheckpointPartitioner.partition(checkpoint, partitions) == from.partition();
  }

  private void accept(Record<byte[], byte[]> record, String key, SpecificRecord event) {
    context.forward(record.<String>withKey(key).withValue(new IntakeOutput.Accepted(event)));
  }

  private void refuse(
      Record<byte[], byte[]> record, RecordMetadata from, UnreadableEventException reason) {
    monitor.putAside();
    DeadLetter letter =
        new DeadLetter(from.topic(), from.partition(), from.offset(), reason.getMessage());
    record.headers().add(DeadLetter.REASON, letter.reason().getBytes(StandardCharsets.UTF_8));
    context.forward(
        record
            .<String>withKey(letter.key())
            .<IntakeOutput>withValue(new IntakeOutput.DeadLetter(record.value())));
    long now = context.currentSystemTimeMs();
    context.forward(
        new Record<>(
            letter.key(),
            new IntakeOutput.Refused(letter.failure(Instant.ofEpochMilli(now))),
            now));
  }

  private static UnitDigest digest(SliceScored score) {
    List<Values> metrics = score.getMetrics().stream().map(Values::of).toList();
    return new UnitDigest(
        Keys.evaluation(score.getUnit()),
        score.getUnit().getStart(),
        score.getUnit().getEnd(),
        metrics.stream().map(Intake::moments).toList(),
        documents(score.getUnit().getEnd(), metrics),
        score.getFingerprint(),
        score.getRequest(),
        score.getScoredAt().toEpochMilli());
  }

  /**
   * A metric of some documents.
   *
   * @param areClasses whether values and weights can be classes: the metric's task knows
   */
  private record Values(String metric, double[] values, double[] weights, boolean areClasses) {

    static Values of(MetricValues metric) {
      double[] values = doubles(metric.getValues());
      double[] weights = doubles(metric.getWeights());
      boolean areClasses =
          weights.length > 0 && Intake.areClasses(values) && Intake.areClasses(weights);
      return new Values(metric.getMetric(), values, weights, areClasses);
    }
  }

  private static MetricMoments moments(Values metric) {
    Moments moments = Moments.of(metric.values(), metric.weights());
    return new MetricMoments(
        metric.metric(),
        moments.count(),
        moments.meanX(),
        moments.m2X(),
        moments.meanW(),
        moments.m2W(),
        moments.cXW(),
        metric.areClasses() ? cells(metric) : List.of());
  }

  /** Of metrics of classes none: no difference is one of documents. */
  private static SliceDocuments documents(int end, List<Values> metrics) {
    return new SliceDocuments(
        DocumentValues.areKept(end, metrics.size())
            ? metrics.stream().filter(it -> !it.areClasses()).map(Intake::packed).toList()
            : List.of());
  }

  private static PackedMetric packed(Values metric) {
    return new PackedMetric(
        metric.metric(),
        DocumentValues.pack(metric.values()),
        DocumentValues.pack(metric.weights()));
  }

  /** The table of confusion. */
  private static List<ConfusionCell> cells(Values metric) {
    return Confusion.of(metric.values(), metric.weights()).counts().entrySet().stream()
        .map(it -> new ConfusionCell(it.getKey().chosen(), it.getKey().right(), it.getValue()))
        .toList();
  }

  private static boolean areClasses(double[] values) {
    return Arrays.stream(values).allMatch(it -> Double.isNaN(it) || it == (int) it);
  }

  private static double[] doubles(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
