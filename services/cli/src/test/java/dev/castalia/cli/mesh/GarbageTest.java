package dev.castalia.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.castalia.cli.cluster.Installation;
import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.cluster.TopicRecords;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.SweepOrder;
import dev.castalia.cli.gateway.SweepProgress;
import dev.castalia.cli.progress.SweepWatch;
import dev.castalia.cli.suite.Announcement;
import dev.castalia.cli.suite.Suite;
import dev.castalia.cli.suite.SuitePublisher;
import dev.castalia.events.Aggregation;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.Direction;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.FailureKind;
import dev.castalia.events.MetricSpec;
import dev.castalia.events.MetricValues;
import dev.castalia.events.RequestedTask;
import dev.castalia.events.ScoreReported;
import dev.castalia.events.Slice;
import dev.castalia.events.SliceScored;
import dev.castalia.events.SweepCancelled;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.events.TaskRegistered;
import dev.castalia.events.UnitId;
import dev.castalia.schemas.EventSerdes;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Topic;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nonsense on every input topic of a real mesh. */
@OnSharedMesh
class GarbageTest {

  private static final String MODEL = "after-garbage";
  private static final List<Topic> INPUTS =
      List.of(
          Topic.TASKS,
          Topic.CHECKPOINTS,
          Topic.SWEEPS,
          Topic.SCORES,
          Topic.REPORTED_SCORES,
          Topic.FAILURES,
          Topic.REQUESTS);
  private static final int TWENTY_MB = 20_000_000;

  private static LocalCluster cluster;
  private static GatewayClient gateway;

  @BeforeAll
  static void start(LocalCluster mesh) {
    cluster = mesh;
    gateway = new GatewayClient(URI.create(cluster.gatewayUrl()));
    Announcement suite =
        Suite.read(Installation.find().suite("nano")).announcement(Suite.Steps.DEMO);
    new SuitePublisher(gateway)
        .publish(
            new Announcement(
                suite.tasks(),
                suite.checkpoints().stream()
                    .filter(it -> it.model().equals("nano-74k"))
                    .map(it -> it.ofModel(MODEL))
                    .toList(),
                List.of(),
                List.of()));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void eachIsOneDeadLetterAndOneFailureAndTheRestGoesOn() throws Exception {
    Map<String, byte[]> sent = new LinkedHashMap<>();
    Map<Topic, SpecificRecord> events = events();
    Map<Topic, byte[]> valid = bytes(events);
    for (Topic topic : INPUTS) {
      sent.put(send(topic, "key", new byte[] {99, 1, 2}), new byte[] {99, 1, 2});
      byte[] unknownSchema =
          ByteBuffer.allocate(20).put((byte) 0).putInt(1_000_000).putLong(7).array();
      sent.put(send(topic, "key", unknownSchema), unknownSchema);
      sent.put(send(topic, "another-key", valid.get(topic)), valid.get(topic));
      byte[] large = new byte[TWENTY_MB];
      new Random(topic.ordinal()).nextBytes(large);
      sent.put(send(topic, "key", large), large);
    }
    Map<Topic, SpecificRecord> meaningless = meaningless(events);
    Map<Topic, byte[]> wellFormed = bytes(meaningless);
    for (Topic topic : meaningless.keySet()) {
      byte[] value = wellFormed.get(topic);
      sent.put(send(topic, key(meaningless.get(topic)), value), value);
    }

    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(
            () -> assertThat(unreadable()).containsOnlyKeys(sent.keySet().toArray(String[]::new)));
    List<ConsumerRecord<String, byte[]>> letters = TopicRecords.bytes(cluster, Topic.DEAD_LETTERS);
    assertThat(letters)
        .extracting(ConsumerRecord::key)
        .containsExactlyInAnyOrderElementsOf(sent.keySet());
    assertThat(letters)
        .allSatisfy(it -> assertThat(it.value()).as(it.key()).isEqualTo(sent.get(it.key())));
    assertThat(unreadable().values())
        .extracting(EvaluationFailed::getReason)
        .filteredOn(it -> it.contains("20000000 bytes"))
        .hasSameSizeAs(INPUTS);
    assertThat(unreadable().values())
        .extracting(EvaluationFailed::getReason)
        .filteredOn(it -> it.contains("the key is \"another-key\" but"))
        .hasSameSizeAs(INPUTS);
    assertThat(unreadable().values())
        .extracting(EvaluationFailed::getReason)
        .filteredOn(it -> it.contains("cannot be used") || it.contains("but must be"))
        .hasSameSizeAs(meaningless.keySet());

    gateway.createSweep(
        new SweepOrder(
            "after", "test", List.of(MODEL), "0,1", List.of("nano_*"), null, null, false, 0));
    SweepProgress end = new SweepWatch(gateway, "after").each(progress -> {});
    assertThat(end.done()).isEqualTo(end.planned()).isEqualTo(2 * 8);
    assertThat(end.failed()).isZero();
  }

  /** By key; garbage was sent to the failures, too. */
  private static Map<String, EvaluationFailed> unreadable() {
    return TopicRecords.events(cluster, Topic.FAILURES, "dead-letter").stream()
        .collect(Collectors.toMap(ConsumerRecord::key, it -> (EvaluationFailed) it.value()));
  }

  /** Sends the record; the key that its dead letter is to have. */
  private static String send(Topic topic, String key, byte[] value) throws Exception {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", cluster.bootstrapServers(),
            "max.request.size", 32 << 20,
            "buffer.memory", 64L << 20);
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
      RecordMetadata at = producer.send(new ProducerRecord<>(topic.topicName(), key, value)).get();
      return Keys.deadLetter(at.topic(), at.partition(), at.offset());
    }
  }

  private static Map<Topic, SpecificRecord> events() {
    CheckpointPublished checkpoint =
        CheckpointPublished.newBuilder()
            .setModel("made-up")
            .setRevision("step1")
            .setStep(1)
            .setTokensSeen(4096)
            .setParameters(1000)
            .setTokenizer("/none/tokenizer.json")
            .setLocation("/none")
            .setPublishedAt(Instant.EPOCH)
            .build();
    UnitId unit = new UnitId("made-up@step1", "none", "v", 0, "float32", 0, 1);
    Map<Topic, SpecificRecord> events = new EnumMap<>(Topic.class);
    events.put(Topic.CHECKPOINTS, checkpoint);
    events.put(
        Topic.TASKS,
        TaskRegistered.newBuilder()
            .setTask("none")
            .setVersion("v")
            .setLanguage("en")
            .setDocuments(1)
            .setSliceDocuments(1)
            .setMeanTokens(1)
            .setOutputType("multiple_choice")
            .setShots(0)
            .setMetrics(
                List.of(new MetricSpec("acc", Aggregation.MEAN, Direction.HIGHER, null, 0.5)))
            .setLocation("/none/none.yaml")
            .setRegisteredAt(Instant.EPOCH)
            .build());
    events.put(Topic.SWEEPS, new SweepCancelled("none", "nobody", Instant.EPOCH));
    events.put(
        Topic.REPORTED_SCORES,
        ScoreReported.newBuilder()
            .setCheckpoint(checkpoint)
            .setTask("none")
            .setShots(0)
            .setMetric(new MetricSpec("acc", Aggregation.MEAN, Direction.HIGHER, null, 0.5))
            .setValue(0.5)
            .setSource("nobody")
            .setReportedAt(Instant.EPOCH)
            .build());
    events.put(
        Topic.SCORES,
        SliceScored.newBuilder()
            .setUnit(unit)
            .setMetrics(List.of(new MetricValues("acc", List.of(1.0), List.of())))
            .setFingerprint("none")
            .setRequest("none")
            .setAttempt(1)
            .setScorer("nobody")
            .setDevice("cpu")
            .setTokens(1)
            .setSeconds(1)
            .setScoredAt(Instant.EPOCH)
            .build());
    events.put(
        Topic.FAILURES,
        EvaluationFailed.newBuilder()
            .setUnit(unit)
            .setKind(FailureKind.PERMANENT)
            .setReason("none")
            .setRemedy("none")
            .setAttempts(1)
            .setFailedAt(Instant.EPOCH)
            .build());
    events.put(
        Topic.REQUESTS,
        new EvaluationRequested(
            "none",
            "none",
            checkpoint,
            List.of(new RequestedTask("none", "v", "/none", 0, List.of(new Slice(0, 1)))),
            "float32",
            1,
            1.0,
            Instant.EPOCH,
            Instant.EPOCH,
            ""));
    return events;
  }

  /** What their schemas allow and nothing can be made of. */
  private static Map<Topic, SpecificRecord> meaningless(Map<Topic, SpecificRecord> events) {
    UnitId unit = new UnitId("a|b@c", "none", "v", 0, "float32", 0, 1);
    MetricSpec nowhere =
        new MetricSpec("acc", Aggregation.MEAN, Direction.NEAREST, Double.NaN, null);
    Map<Topic, SpecificRecord> meaningless = new EnumMap<>(Topic.class);
    meaningless.put(
        Topic.TASKS,
        TaskRegistered.newBuilder((TaskRegistered) events.get(Topic.TASKS))
            .setDocuments(Integer.MAX_VALUE)
            .build());
    meaningless.put(
        Topic.SWEEPS,
        SweepRequested.newBuilder()
            .setSweep("in-nothing")
            .setRequestedBy("nobody")
            .setRequestedAt(Instant.now())
            .setModels(List.of("*"))
            .setTasks(List.of(new SweepTask("nano_agreement", null, null)))
            .setDtype("")
            .build());
    meaningless.put(
        Topic.SCORES,
        SliceScored.newBuilder((SliceScored) events.get(Topic.SCORES)).setUnit(unit).build());
    meaningless.put(
        Topic.FAILURES,
        EvaluationFailed.newBuilder((EvaluationFailed) events.get(Topic.FAILURES))
            .setUnit(unit)
            .build());
    meaningless.put(
        Topic.REPORTED_SCORES,
        ScoreReported.newBuilder((ScoreReported) events.get(Topic.REPORTED_SCORES))
            .setMetric(nowhere)
            .build());
    return meaningless;
  }

  private static String key(SpecificRecord event) {
    return switch (event) {
      case TaskRegistered task -> task.getTask();
      case SweepRequested sweep -> sweep.getSweep();
      case SliceScored score -> Keys.of(score.getUnit());
      case EvaluationFailed failure -> Keys.of(failure.getUnit());
      case ScoreReported score -> Keys.of(score);
      default -> throw new IllegalArgumentException(event + " is none of the meaningless");
    };
  }

  private static Map<Topic, byte[]> bytes(Map<Topic, SpecificRecord> events) {
    try (var serializer = new EventSerdes(cluster.registryUrl()).<SpecificRecord>serializer()) {
      Map<Topic, byte[]> bytes = new EnumMap<>(Topic.class);
      events.forEach(
          (topic, event) -> bytes.put(topic, serializer.serialize(topic.topicName(), event)));
      return bytes;
    }
  }
}
