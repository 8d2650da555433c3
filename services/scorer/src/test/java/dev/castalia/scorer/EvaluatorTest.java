package dev.castalia.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.FailureKind;
import dev.castalia.events.RequestedTask;
import dev.castalia.events.Slice;
import dev.castalia.events.SliceScored;
import dev.castalia.schemas.CheckpointPartitioner;
import dev.castalia.schemas.EventReader;
import dev.castalia.schemas.Topic;
import dev.castalia.scoring.EvaluationException;
import dev.castalia.scoring.model.Model;
import dev.castalia.scoring.model.ModelOptions;
import dev.castalia.scoring.source.Hub;
import dev.castalia.scoring.source.HubSettings;
import dev.castalia.scoring.source.Locations;
import dev.castalia.scoring.task.Task;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a scorer answers to a request, on a really trained checkpoint. */
class EvaluatorTest {

  private static final Path SUITE =
      Path.of(System.getProperty("castalia.root"), "services/cli/suites/nano");
  private static final Path TASK = SUITE.resolve("tasks/nano_agreement.yaml");
  private static final String CHECKPOINT = "nano-74k@step512";
  private static final int PARTITIONS = 4;

  private final MockProducer<String, byte[]> producer =
      new MockProducer<>(
          cluster(), true, (Partitioner) null, new StringSerializer(), new ByteArraySerializer());
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final Evaluation work = new Evaluation(() -> false);
  private final Semaphore slots = new Semaphore(1);
  private EvaluationRequested event;
  private Evaluator evaluator;
  private int ended;

  @TempDir private Path folder;

  @BeforeEach
  void prepare() {
    evaluator = evaluator(new Shelf(Locations.ofEnvironment()));
  }

  private Evaluator evaluator(Shelf shelf) {
    return evaluator(shelf, Model::open);
  }

  private Evaluator evaluator(Shelf shelf, Opener.Opening opening) {
    Answers answers = new Answers(producer, (topic, answer) -> encoded(answer));
    EventReader reader =
        new EventReader(
            (topic, bytes) -> {
              if (bytes.length == 0) {
                throw new IllegalArgumentException("no event");
              }
              return event;
            });
    ScorerMetrics metrics = new ScorerMetrics(meters, () -> 0, 1);
    return new Evaluator(
        "scorer-1",
        slots,
        new Requests(reader, answers, metrics, ""),
        answers,
        metrics,
        shelf,
        new Opener(ModelOptions.DEFAULT, shelf, metrics, opening),
        () -> ended++);
  }

  @Test
  void everySliceOfARequestIsAScoreInItsCheckpointsPartition() throws Exception {
    event = request(location(), version(), new Slice(0, 100), new Slice(100, 300));

    assertThat(evaluate()).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(producer.history())
        .extracting(ProducerRecord::key)
        .containsExactly(
            "nano-74k@step512|nano_agreement|" + version() + "|0|float32|0-100",
            "nano-74k@step512|nano_agreement|" + version() + "|0|float32|100-300");
    assertThat(producer.history())
        .allSatisfy(
            it -> {
              assertThat(it.topic()).isEqualTo(Topic.SCORES.topicName());
              assertThat(it.partition())
                  .isEqualTo(CheckpointPartitioner.partition(CHECKPOINT, PARTITIONS));
            });
    SliceScored last = SliceScored.fromByteBuffer(bytes(1));
    assertThat(last.getMetrics()).extracting("metric").containsExactly("acc", "acc_norm");
    // The published reference: this checkpoint has learned agreement.
    assertThat(last.getMetrics().getFirst().getValues()).hasSize(200).containsOnly(1.0);
    assertThat(last.getFingerprint()).hasSize(64);
  }

  @Test
  void aRequestForAnotherPoolIsPassedOver() throws Exception {
    event =
        EvaluationRequested.newBuilder(request(location(), version(), new Slice(0, 100)))
            .setPool("h100")
            .build();

    assertThat(evaluate()).isEqualTo(AcknowledgeType.ACCEPT);
    evaluator.giveUp(
        new ConsumerRecord<>(Topic.REQUESTS.topicName(), 0, 0, CHECKPOINT, new byte[1]), 2);
    assertThat(producer.history()).isEmpty();
  }

  @Test
  void aRequestThatTheLedgerHasIssuedAnewIsPassedOver() throws Exception {
    event =
        EvaluationRequested.newBuilder(request(location(), version(), new Slice(0, 2)))
            .setDeadline(Instant.now().minus(Duration.ofMinutes(2)))
            .build();

    assertThat(evaluate()).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(producer.history()).isEmpty();
  }

  @Test
  void aRequestThatIsJustDueIsEvaluatedForClocksMayBeApart() throws Exception {
    event =
        EvaluationRequested.newBuilder(request(location(), version(), new Slice(0, 2)))
            .setDeadline(Instant.now())
            .build();
    evaluate();

    assertThat(producer.history()).hasSize(1);
  }

  @Test
  void aCheckpointThatIsNotThereFailsForGoodUnitByUnit() throws Exception {
    event =
        request(
            SUITE.resolve("checkpoints/none").toString(),
            version(),
            new Slice(0, 100),
            new Slice(100, 300));

    assertThat(evaluate()).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(producer.history()).hasSize(2);
    EvaluationFailed failure = EvaluationFailed.fromByteBuffer(bytes(0));
    assertThat(failure.getKind()).isEqualTo(FailureKind.PERMANENT);
    assertThat(failure.getRemedy()).contains("castalia retry", "castalia retire");
    assertThat(failure.getReason()).contains("checkpoints/none");
    assertThat(failure.getUnit().getEnd()).isEqualTo(100);
  }

  @Test
  void aTaskOfAnotherVersionThanAskedForIsRefused() throws Exception {
    event = request(location(), "0123456789abcdef", new Slice(0, 300));

    assertThat(evaluate()).isEqualTo(AcknowledgeType.ACCEPT);
    EvaluationFailed failure = EvaluationFailed.fromByteBuffer(bytes(0));
    assertThat(failure.getKind()).isEqualTo(FailureKind.REFUSED);
    assertThat(failure.getReason()).contains("nano_agreement.yaml", version(), "0123456789abcdef");
    assertThat(work.isRefused()).isTrue();
  }

  @Test
  @Timeout(60)
  void aTaskIsReadBeforeThereIsASlotToScoreItIn() throws Exception {
    event = request(location(), "0123456789abcdef", new Slice(0, 300));
    slots.acquire();

    assertThat(evaluate()).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(EvaluationFailed.fromByteBuffer(bytes(0)).getKind()).isEqualTo(FailureKind.REFUSED);
  }

  @Test
  void aSliceThatFailsLeavesTheOthersOfItsTask() throws Exception {
    event = request(location(), version(), new Slice(0, 100), new Slice(200, 400));

    assertThat(evaluate()).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(producer.history())
        .extracting(ProducerRecord::topic)
        .containsExactly(Topic.SCORES.topicName(), Topic.FAILURES.topicName());
    EvaluationFailed failure = EvaluationFailed.fromByteBuffer(bytes(1));
    assertThat(failure.getKind()).isEqualTo(FailureKind.PERMANENT);
    assertThat(failure.getReason()).contains("documents 200 to 400 were asked for");
  }

  @Test
  void aDefectIsAnAnswerTooAndNamedAsOne() throws Exception {
    // Without a hub, which every scorer has.
    evaluator = evaluator(new Shelf(new Locations(null)));
    event = request("hf:org/model@step1", version(), new Slice(0, 300));

    assertThat(evaluate()).isEqualTo(AcknowledgeType.ACCEPT);
    EvaluationFailed failure = EvaluationFailed.fromByteBuffer(bytes(0));
    assertThat(failure.getKind()).isEqualTo(FailureKind.PASSING);
    assertThat(failure.getReason()).contains("NullPointerException");
    assertThat(failure.getRemedy()).contains("report it");
  }

  @Test
  void whatIsNestedTooDeeplyIsAnAnswerTooAndNotTriedAgain() throws Exception {
    evaluator =
        evaluator(
            new Shelf(Locations.ofEnvironment()),
            (checkpoint, options) -> {
              throw new StackOverflowError();
            });
    event = request(location(), version(), new Slice(0, 300));

    assertThat(evaluate()).isEqualTo(AcknowledgeType.ACCEPT);
    EvaluationFailed failure = EvaluationFailed.fromByteBuffer(bytes(0));
    assertThat(failure.getKind()).isEqualTo(FailureKind.PERMANENT);
    assertThat(failure.getReason()).contains("nested too deeply");
  }

  @Test
  void weightsOfAnotherFingerprintThanPublishedAreRefused() throws Exception {
    event = request(location(), version(), new Slice(0, 300));
    event =
        EvaluationRequested.newBuilder(event)
            .setCheckpoint(
                CheckpointPublished.newBuilder(event.getCheckpoint())
                    .setContentHash("another")
                    .build())
            .build();
    evaluate();

    EvaluationFailed failure = EvaluationFailed.fromByteBuffer(bytes(0));
    assertThat(failure.getKind()).isEqualTo(FailureKind.REFUSED);
    assertThat(failure.getReason()).contains("fingerprint", "another");
  }

  @Test
  void aRecordThatIsNoRequestIsPutAsideWithAFailureThatNamesItAndCounted() throws Exception {
    ConsumerRecord<String, byte[]> record =
        new ConsumerRecord<>(Topic.REQUESTS.topicName(), 2, 7, "key", new byte[0]);

    assertThat(evaluator.evaluate(record, new Evaluation(() -> false)))
        .isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(producer.history())
        .extracting(ProducerRecord::topic)
        .containsExactly(Topic.DEAD_LETTERS.topicName(), Topic.FAILURES.topicName());
    assertThat(EvaluationFailed.fromByteBuffer(bytes(1)).getReason())
        .contains(Topic.REQUESTS.topicName(), "no event");
    assertThat(producer.history())
        .extracting(ProducerRecord::key)
        .containsOnly("dead-letter|castalia.requests|2|7");
    assertThat(meters.get("castalia.dead.letters").counter().count()).isOne();
  }

  @Test
  void aRequestUnderAnotherKeyThanItsCheckpointIsPutAside() throws Exception {
    event = request(location(), version(), new Slice(0, 300));
    ConsumerRecord<String, byte[]> record =
        new ConsumerRecord<>(Topic.REQUESTS.topicName(), 0, 0, "another@step1", new byte[1]);

    assertThat(evaluator.evaluate(record, new Evaluation(() -> false)))
        .isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(EvaluationFailed.fromByteBuffer(bytes(1)).getReason())
        .contains("another@step1", CHECKPOINT);
  }

  @Test
  void aScorerThatStopsHandsTheRestBackAsIfItHadNotBeenGivenOut() throws Exception {
    event = request(location(), version(), new Slice(0, 2), new Slice(2, 4), new Slice(4, 6));
    BooleanSupplier afterTheFirst = () -> !producer.history().isEmpty();
    ConsumerRecord<String, byte[]> record =
        new ConsumerRecord<>(Topic.REQUESTS.topicName(), 0, 0, CHECKPOINT, new byte[1]);

    assertThat(evaluator.evaluate(record, new Evaluation(afterTheFirst)))
        .isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(producer.history())
        .extracting(ProducerRecord::topic)
        .containsExactly(Topic.SCORES.topicName(), Topic.REQUESTS.topicName());
    EvaluationRequested rest = EvaluationRequested.fromByteBuffer(bytes(1));
    assertThat(rest.getRequest()).isEqualTo(event.getRequest());
    assertThat(rest.getTasks())
        .singleElement()
        .satisfies(
            it -> assertThat(it.getSlices()).containsExactly(new Slice(2, 4), new Slice(4, 6)));
  }

  @Test
  @Timeout(60)
  void aScorerThatStopsWhileItFetchesHandsItAllBack() throws Exception {
    AtomicBoolean stopping = new AtomicBoolean();
    Evaluation stopped = new Evaluation(stopping::get);
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      evaluator = evaluator(new Shelf(new Locations(hub(silent.getLocalPort()))));
      event = request("hf:org/model@step1", version(), new Slice(0, 2), new Slice(2, 4));
      Thread stop =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (Socket _ = silent.accept()) {
                      stopping.set(true);
                      stopped.stopFetching();
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  });

      assertThat(evaluate(stopped)).isEqualTo(AcknowledgeType.ACCEPT);
      stop.join();
    }
    assertThat(producer.history())
        .extracting(ProducerRecord::topic)
        .containsExactly(Topic.REQUESTS.topicName());
    assertThat(EvaluationRequested.fromByteBuffer(bytes(0))).isEqualTo(event);
  }

  private Hub hub(int port) {
    return new Hub(
        new HubSettings(
            URI.create("http://localhost:" + port),
            Optional.empty(),
            folder,
            false,
            Duration.ofMinutes(1),
            Duration.ofMinutes(1)));
  }

  @Test
  void aScorerWhoseGpuIsLostEndsAndHandsBackWhatItHasNotTried() throws Exception {
    evaluator =
        evaluator(
            new Shelf(Locations.ofEnvironment()),
            (checkpoint, options) -> {
              throw EvaluationException.deviceLost("CUDA failure 719", null);
            });
    event = request(location(), version(), new Slice(0, 300));

    evaluate();
    evaluate();

    assertThat(ended).isEqualTo(1);
    assertThat(producer.history())
        .extracting(ProducerRecord::topic)
        .containsExactly(Topic.FAILURES.topicName(), Topic.REQUESTS.topicName());
    assertThat(EvaluationFailed.fromByteBuffer(bytes(0)).getKind()).isEqualTo(FailureKind.PASSING);
    assertThat(EvaluationRequested.fromByteBuffer(bytes(1))).isEqualTo(event);
  }

  @Test
  void aScorerThatLostItsLockHandsNothingBack() throws Exception {
    event = request(location(), version(), new Slice(0, 300));
    ConsumerRecord<String, byte[]> record =
        new ConsumerRecord<>(Topic.REQUESTS.topicName(), 0, 0, CHECKPOINT, new byte[1]);
    Evaluation lost = new Evaluation(() -> false);
    lost.abandon();

    assertThat(evaluator.evaluate(record, lost)).isEqualTo(AcknowledgeType.RELEASE);
    assertThat(producer.history()).isEmpty();
  }

  @Test
  void aRequestGivenOutTooOftenIsAnsweredWithPassingFailures() throws Exception {
    event = request(location(), version(), new Slice(0, 300));
    evaluator.giveUp(
        new ConsumerRecord<>(Topic.REQUESTS.topicName(), 0, 0, CHECKPOINT, new byte[1]), 10);

    EvaluationFailed failure = EvaluationFailed.fromByteBuffer(bytes(0));
    assertThat(failure.getKind()).isEqualTo(FailureKind.PASSING);
    assertThat(failure.getReason()).contains("10 times");
  }

  private AcknowledgeType evaluate() {
    return evaluate(work);
  }

  private AcknowledgeType evaluate(Evaluation evaluation) {
    return evaluator.evaluate(
        new ConsumerRecord<>(Topic.REQUESTS.topicName(), 0, 0, CHECKPOINT, new byte[1]),
        evaluation);
  }

  private java.nio.ByteBuffer bytes(int index) {
    return java.nio.ByteBuffer.wrap(producer.history().get(index).value());
  }

  static String location() {
    return SUITE.resolve("checkpoints/nano-74k/step512").toString();
  }

  private static String version() throws IOException {
    return Task.parse(TASK, Files.readString(TASK)).version();
  }

  static EvaluationRequested request(String location, String version, Slice... slices) {
    CheckpointPublished checkpoint =
        CheckpointPublished.newBuilder()
            .setModel("nano-74k")
            .setRevision("step512")
            .setStep(512)
            .setTokensSeen(512 * 4096)
            .setParameters(74_000)
            .setTokenizer(SUITE.resolve("tokenizer.json").toString())
            .setLocation(location)
            .setPublishedAt(Instant.EPOCH)
            .build();
    return new EvaluationRequested(
        "r",
        "s",
        checkpoint,
        List.of(new RequestedTask("nano_agreement", version, TASK.toString(), 0, List.of(slices))),
        "float32",
        1,
        1.0,
        Instant.EPOCH,
        Instant.ofEpochMilli(Long.MAX_VALUE),
        "");
  }

  private static byte[] encoded(SpecificRecord answer) {
    try {
      java.nio.ByteBuffer bytes =
          switch (answer) {
            case SliceScored score -> score.toByteBuffer();
            case EvaluationRequested request -> request.toByteBuffer();
            default -> ((EvaluationFailed) answer).toByteBuffer();
          };
      byte[] array = new byte[bytes.remaining()];
      bytes.get(array);
      return array;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Cluster cluster() {
    Node node = new Node(1, "localhost", 9092);
    Node[] nodes = {node};
    List<PartitionInfo> partitions =
        java.util.stream.Stream.of(Topic.SCORES, Topic.FAILURES, Topic.REQUESTS)
            .flatMap(
                topic ->
                    java.util.stream.IntStream.range(0, PARTITIONS)
                        .mapToObj(
                            it -> new PartitionInfo(topic.topicName(), it, node, nodes, nodes)))
            .toList();
    return new Cluster(
        "cluster", List.of(node), partitions, java.util.Set.of(), java.util.Set.of());
  }
}
