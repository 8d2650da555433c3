package dev.castalia.cli.page;

import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.events.Aggregation;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.Direction;
import dev.castalia.events.MetricScore;
import dev.castalia.events.MetricSpec;
import dev.castalia.events.Scorecard;
import dev.castalia.schemas.CheckpointPartitioner;
import dev.castalia.schemas.EventSerdes;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Topic;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes scorecards of checkpoints that nobody trained, as many as wanted. */
final class ManyScores implements AutoCloseable {

  private static final Instant NOW = Instant.parse("2026-07-13T10:15:30Z");
  private final KafkaProducer<String, Scorecard> producer;
  private final int partitions;
  private final List<String> tags;

  /**
   * @param tags of all tasks
   */
  ManyScores(LocalCluster cluster, String... tags) {
    this.tags = List.of(tags);
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
            new EventSerdes(cluster.registryUrl()).<Scorecard>serializer());
    partitions = producer.partitionsFor(Topic.SCORECARDS.topicName()).size();
  }

  /** Writes one accuracy, the latest score of its checkpoint and task. */
  void write(String model, long step, String task, int shots, double value) {
    write(model, step, task, shots, "acc", 0.5, value);
  }

  /** Writes one score by any metric that chance brings so far. */
  void write(
      String model, long step, String task, int shots, String metric, double chance, double value) {
    MetricSpec spec = new MetricSpec(metric, Aggregation.MEAN, Direction.HIGHER, null, chance);
    CheckpointPublished checkpoint = checkpoint(model, step);
    Scorecard card =
        Scorecard.newBuilder()
            .setCheckpoint(checkpoint)
            .setTask(task)
            .setVersion("v1")
            .setLanguage("en")
            .setTags(tags)
            .setShots(shots)
            .setDtype("float32")
            .setDocuments(1000)
            .setOfDocuments(1000)
            .setMetrics(
                List.of(new MetricScore(spec, value, Math.sqrt(value * (1 - value) / 1000))))
            .setFingerprint("f0")
            .setTaskRegisteredAt(NOW)
            .setUpdatedAt(NOW)
            .build();
    producer.send(
        new ProducerRecord<>(
            Topic.SCORECARDS.topicName(),
            CheckpointPartitioner.partition(Keys.of(checkpoint), partitions),
            Keys.of(card),
            card));
  }

  void flush() {
    producer.flush();
  }

  private static CheckpointPublished checkpoint(String model, long step) {
    return CheckpointPublished.newBuilder()
        .setModel(model)
        .setRevision("step" + step)
        .setStep(step)
        .setTokensSeen(step * 2_097_152)
        .setParameters(70_000_000L + 1000L * (model.hashCode() & 0xFFFF))
        .setLocation("")
        .setTokenizer("")
        .setPublishedAt(NOW)
        .build();
  }

  @Override
  public void close() {
    producer.close();
  }
}
