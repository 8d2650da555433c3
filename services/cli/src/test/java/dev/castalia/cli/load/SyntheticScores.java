package dev.castalia.cli.load;

import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.events.Aggregation;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.Direction;
import dev.castalia.events.MetricSpec;
import dev.castalia.events.MetricValues;
import dev.castalia.events.SliceScored;
import dev.castalia.events.TaskRegistered;
import dev.castalia.events.UnitId;
import dev.castalia.schemas.CheckpointPartitioner;
import dev.castalia.schemas.EventSerdes;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Topic;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** What scorers would tell of checkpoints that nobody trained, as much and as fast as wanted. */
final class SyntheticScores implements AutoCloseable {

  /** Documents of a task, all of them in one slice. */
  static final int DOCUMENTS = 100;

  private static final String VERSION = "v1";
  private static final String DTYPE = "float32";
  private static final Instant NOW = Instant.parse("2026-07-13T10:15:30Z");
  private static final MetricSpec ACC =
      new MetricSpec("acc", Aggregation.MEAN, Direction.HIGHER, null, 0.25);

  private final KafkaProducer<String, SpecificRecord> producer;
  private final int partitions;

  SyntheticScores(LocalCluster cluster) {
    producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                cluster.bootstrapServers(),
                "compression.type",
                "zstd",
                "linger.ms",
                5,
                "batch.size",
                262_144),
            new StringSerializer(),
            new EventSerdes(cluster.registryUrl()).<SpecificRecord>serializer());
    partitions = producer.partitionsFor(Topic.SCORES.topicName()).size();
  }

  void register(String task) {
    TaskRegistered event =
        TaskRegistered.newBuilder()
            .setTask(task)
            .setVersion(VERSION)
            .setLanguage("en")
            .setDocuments(DOCUMENTS)
            .setSliceDocuments(DOCUMENTS)
            .setMeanTokens(100)
            .setOutputType("multiple_choice")
            .setShots(0)
            .setMetrics(List.of(ACC))
            .setLocation("")
            .setRegisteredAt(NOW)
            .build();
    producer.send(new ProducerRecord<>(Topic.TASKS.topicName(), task, event));
  }

  void publish(String model, long step) {
    CheckpointPublished event =
        CheckpointPublished.newBuilder()
            .setModel(model)
            .setRevision("step" + step)
            .setStep(step)
            .setTokensSeen(step * 2_097_152)
            .setParameters(70_000_000L + 1000L * (model.hashCode() & 0xFFFF))
            .setLocation("")
            .setTokenizer("")
            .setPublishedAt(NOW)
            .build();
    send(Topic.CHECKPOINTS, Keys.of(event), Keys.of(event), event);
  }

  /** Scores the whole task; every document has the same value. */
  void score(String model, long step, String task, double value) {
    String checkpoint = Keys.checkpoint(model, "step" + step);
    UnitId unit = new UnitId(checkpoint, task, VERSION, 0, DTYPE, 0, DOCUMENTS);
    SliceScored event =
        SliceScored.newBuilder()
            .setUnit(unit)
            .setMetrics(
                List.of(new MetricValues("acc", Collections.nCopies(DOCUMENTS, value), List.of())))
            .setFingerprint(fingerprint(checkpoint))
            .setRequest("synthetic")
            .setAttempt(1)
            .setScorer("synthetic")
            .setDevice("cpu")
            .setTokens(100L * DOCUMENTS)
            .setSeconds(0.1)
            .setScoredAt(Instant.now())
            .build();
    send(Topic.SCORES, checkpoint, Keys.of(unit), event);
  }

  void flush() {
    producer.flush();
  }

  /** Different weights for every checkpoint: equal ones would be told as twins. */
  private static String fingerprint(String checkpoint) {
    return "%016x%08x".formatted((long) checkpoint.hashCode() * 31, checkpoint.length());
  }

  private void send(Topic topic, String checkpoint, String key, SpecificRecord event) {
    int partition = CheckpointPartitioner.partition(checkpoint, partitions);
    producer.send(new ProducerRecord<>(topic.topicName(), partition, key, event));
  }

  @Override
  public void close() {
    producer.close();
  }
}
