package dev.castalia.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.Aggregation;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.Direction;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.FailureKind;
import dev.castalia.events.Finding;
import dev.castalia.events.FindingsPending;
import dev.castalia.events.Leaderboard;
import dev.castalia.events.MetricSpec;
import dev.castalia.events.MetricValues;
import dev.castalia.events.RequestedTask;
import dev.castalia.events.RetryRequested;
import dev.castalia.events.Scorecard;
import dev.castalia.events.Slice;
import dev.castalia.events.SliceScored;
import dev.castalia.events.SweepCancelled;
import dev.castalia.events.SweepProgress;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.events.TaskRegistered;
import dev.castalia.events.Trajectory;
import dev.castalia.events.UnitId;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Topic;
import dev.castalia.topology.intake.EventRules;
import dev.castalia.topology.ledger.LedgerSettings;
import dev.castalia.topology.ledger.Pools;
import dev.castalia.topology.state.StateSerde;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.internals.StreamTask;
import org.apache.kafka.streams.test.TestRecord;

/**
 * The topology without a broker, and a hand on the clock. Time starts at {@link #START} and moves
 * only by {@link #pass}; no work takes any.
 */
public final class Mesh implements AutoCloseable {

  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final String FLOAT32 = "float32";

  private static final Duration SHORTEST_STEP = Duration.ofMillis(50);

  /** Of the first retry, with what it may take on top: shorter than {@link #tick}. */
  static final Duration RETRY_PAUSE = Duration.ofMillis(100);

  private static final StateSerde EVENTS = new StateSerde(allEvents());

  private final TopologyTestDriver driver;
  private final Path state;
  private final Map<String, Integer> pending = new HashMap<>();
  private Instant now = START;

  Mesh() {
    this(settings(8));
  }

  Mesh(TopologySettings settings) {
    this(settings, TopologyMonitor.NONE);
  }

  Mesh(TopologySettings settings, TopologyMonitor monitor) {
    try {
      state = Files.createTempDirectory("castalia-topology-test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    properties.put(StreamsConfig.PROCESSOR_WRAPPER_CLASS_CONFIG, InMemory.class);
    StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(new StreamsConfig(properties)));
    driver =
        new TopologyTestDriver(
            new CastaliaTopology(Mesh::serde, settings, monitor, () -> 0).build(builder),
            properties,
            START);
  }

  /** For scorers on a CPU. */
  public static TopologySettings settings(int window) {
    return settings(window, Pools.one(50e9));
  }

  static TopologySettings settings(int window, Pools pools) {
    return new TopologySettings(
        1,
        Duration.ofMillis(250),
        3,
        new LedgerSettings(
            window,
            3,
            pools,
            500e6,
            Duration.ofSeconds(2),
            Duration.ofMinutes(2),
            64,
            Duration.ofMinutes(2),
            RETRY_PAUSE));
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  private static Class<? extends SpecificRecord>[] array(
      Class<? extends SpecificRecord>... classes) {
    return classes;
  }

  private static Class<? extends SpecificRecord>[] allEvents() {
    return Arrays.stream(Topic.values())
        .flatMap(topic -> topic.events().stream())
        .toArray(size -> Arrays.copyOf(array(), size));
  }

  @SuppressWarnings("unchecked") // One serde knows every event.
  private static <T extends SpecificRecord> Serde<T> serde(Class<T> type) {
    return (Serde<T>) (Serde<?>) EVENTS;
  }

  // Events, with what matters to a test given and the rest plausible.

  public static TaskRegistered task(String task, int documents, int sliceDocuments) {
    return task(task, "v1", documents, sliceDocuments, START);
  }

  static TaskRegistered task(
      String task, String version, int documents, int sliceDocuments, Instant registeredAt) {
    return new TaskRegistered(
        task,
        version,
        "en",
        documents,
        sliceDocuments,
        10.0,
        "multiple_choice",
        0,
        List.of(new MetricSpec("acc", Aggregation.MEAN, Direction.HIGHER, null, 0.25)),
        List.of(),
        "/tasks/" + task + ".yaml",
        registeredAt);
  }

  public static CheckpointPublished checkpoint(String model, long step) {
    return new CheckpointPublished(
        model,
        "step" + step,
        step,
        step * 4096,
        1000L,
        null,
        "standard",
        1234L,
        "en",
        null,
        null,
        "nano",
        "/tokenizer.json",
        "/checkpoints/" + model + "/step" + step,
        null,
        START,
        false);
  }

  SweepRequested sweep(String id, String models, String... tasks) {
    return SweepRequested.newBuilder()
        .setSweep(id)
        .setRequestedBy("test")
        .setRequestedAt(now)
        .setModels(List.of(models.split(",")))
        .setTasks(Arrays.stream(tasks).map(it -> new SweepTask(it, "v1", null)).toList())
        .build();
  }

  // Input

  void put(SpecificRecord event) {
    Topic topic =
        Arrays.stream(Topic.values())
            .filter(it -> it.events().contains(event.getClass()))
            .findFirst()
            .orElseThrow();
    put(topic, EventRules.check(event), EVENTS.serialize(topic.topicName(), event));
  }

  void put(Topic topic, String key, byte[] value) {
    TestInputTopic<String, byte[]> input =
        driver.createInputTopic(
            topic.topicName(), new StringSerializer(), new ByteArraySerializer());
    input.pipeInput(key, value, now);
  }

  /** Says it to the checkpoint's ledger alone, as if the others were not as far yet. */
  void tellLedger(String checkpoint, SpecificRecord event) {
    TestInputTopic<String, SpecificRecord> input =
        driver.createInputTopic(
            "test-ledger-repartition",
            new StringSerializer(),
            new StateSerde(CastaliaTopology.FOR_THE_LEDGER));
    input.pipeInput(checkpoint, event, now);
  }

  static byte[] bytes(SpecificRecord event) {
    return EVENTS.serialize("test", event);
  }

  void cancel(String sweep) {
    put(new SweepCancelled(sweep, "test", now));
  }

  void retry(UnitId unit) {
    put(new RetryRequested(unit, "test", now));
  }

  /**
   * Lets time pass, in steps that are short towards its end: what one processor sends with the last
   * punctuation is then worked on by all that come after it. Each step has all stores written.
   */
  void pass(Duration duration) {
    Instant until = now.plus(duration);
    while (now.isBefore(until)) {
      Duration part = Duration.between(now, until).dividedBy(20);
      Duration step = part.compareTo(SHORTEST_STEP) > 0 ? part : SHORTEST_STEP;
      now = now.plus(step);
      driver.advanceWallClockTime(step);
    }
  }

  void tick() {
    pass(Duration.ofMillis(300));
  }

  /**
   * Begins anew with the same processors and what their stores hold, as Kafka Streams does after an
   * aborted transaction. It offers no other way in than by its own names.
   */
  void revive() {
    try {
      Field task = TopologyTestDriver.class.getDeclaredField("task");
      task.setAccessible(true);
      for (String step : List.of("closeTopology", "initializeTopology")) {
        Method method = StreamTask.class.getDeclaredMethod(step);
        method.setAccessible(true);
        method.invoke(task.get(driver));
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Answers every unit of a request with that accuracy. */
  void answer(EvaluationRequested request, double accuracy) {
    answer(request, accuracy, "weights of " + Keys.of(request.getCheckpoint()));
  }

  void answer(EvaluationRequested request, double accuracy, String fingerprint) {
    units(request).forEach(unit -> put(score(unit, request.getRequest(), accuracy, fingerprint)));
  }

  void fail(EvaluationRequested request, FailureKind kind) {
    units(request).forEach(unit -> fail(unit, request.getRequest(), kind));
  }

  void fail(UnitId unit, String request, FailureKind kind) {
    put(new EvaluationFailed(unit, kind, "broken", "mend it", 1, request, "scorer-1", null, now));
  }

  SliceScored score(UnitId unit, String request, double accuracy, String fingerprint) {
    int documents = unit.getEnd() - unit.getStart();
    int right = (int) Math.round(accuracy * documents);
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < documents; i++) {
      values.add(i < right ? 1.0 : 0.0);
    }
    return SliceScored.newBuilder()
        .setUnit(unit)
        .setMetrics(List.of(new MetricValues("acc", values, List.of())))
        .setFingerprint(fingerprint)
        .setRequest(request)
        .setAttempt(1)
        .setScorer("scorer-1")
        .setDevice("cpu")
        .setTokens(10L)
        .setSeconds(0.1)
        .setScoredAt(now)
        .build();
  }

  static List<UnitId> units(EvaluationRequested request) {
    List<UnitId> units = new ArrayList<>();
    for (RequestedTask task : request.getTasks()) {
      for (Slice slice : task.getSlices()) {
        units.add(
            new UnitId(
                Keys.of(request.getCheckpoint()),
                task.getTask(),
                task.getVersion(),
                task.getShots(),
                request.getDtype(),
                slice.getStart(),
                slice.getEnd()));
      }
    }
    return units;
  }

  /** Puts the events in this order. */
  void publish(SpecificRecord... events) {
    Stream.of(events).forEach(this::put);
  }

  /** Has a@step1 scored on sum, for that sweep, and gives the one request for it. */
  EvaluationRequested scoreOneCheckpoint(String sweep) {
    publish(task("sum", 10, 10), checkpoint("a", 1));
    put(sweep(sweep, "a", "sum"));
    tick();
    List<EvaluationRequested> requests = requests();
    requests.forEach(request -> answer(request, 1));
    tick();
    assertThat(progress().get(sweep))
        .extracting(SweepProgress::getPlanned, SweepProgress::getDone)
        .containsExactly(1, 1);
    return requests.getFirst();
  }

  /** Answers requests as they come, until there are no more; returns them. */
  List<EvaluationRequested> answerAll() {
    List<EvaluationRequested> all = new ArrayList<>();
    while (true) {
      tick();
      List<EvaluationRequested> some = requests();
      if (some.isEmpty()) {
        return all;
      }
      some.forEach(request -> answer(request, 1));
      all.addAll(some);
    }
  }

  // Output

  /** The requests since the last call. */
  List<EvaluationRequested> requests() {
    return output(Topic.REQUESTS, EvaluationRequested.class).stream()
        .map(TestRecord::value)
        .toList();
  }

  Map<String, Scorecard> scorecards() {
    return table(Topic.SCORECARDS, Scorecard.class);
  }

  /** Every scorecard since the last call, those that others have replaced included. */
  List<Scorecard> scorecardsSent() {
    return output(Topic.SCORECARDS, Scorecard.class).stream().map(TestRecord::value).toList();
  }

  Map<String, Leaderboard> leaderboards() {
    return table(Topic.LEADERBOARDS, Leaderboard.class);
  }

  Map<String, Trajectory> trajectories() {
    return table(Topic.TRAJECTORIES, Trajectory.class);
  }

  /** Null where one was withdrawn. */
  Map<String, Finding> findings() {
    Map<String, Finding> findings = new LinkedHashMap<>();
    table(Topic.FINDINGS, SpecificRecord.class)
        .forEach(
            (key, event) -> {
              if (event instanceof FindingsPending some) {
                pending.put(key, some.getPending());
              } else {
                findings.put(key, (Finding) event);
              }
            });
    return findings;
  }

  /** What waits in the stages of the findings, as of the last call for findings. */
  int pendingFindings() {
    return pending.values().stream().mapToInt(Integer::intValue).sum();
  }

  Map<String, SweepProgress> progress() {
    return table(Topic.PROGRESS, SweepProgress.class);
  }

  List<TestRecord<String, EvaluationFailed>> failures() {
    return output(Topic.FAILURES, EvaluationFailed.class);
  }

  List<TestRecord<String, byte[]>> deadLetters() {
    return driver
        .createOutputTopic(
            Topic.DEAD_LETTERS.topicName(), new StringDeserializer(), new ByteArrayDeserializer())
        .readRecordsToList();
  }

  private <T extends SpecificRecord> List<TestRecord<String, T>> output(
      Topic topic, Class<T> type) {
    TestOutputTopic<String, T> output =
        driver.createOutputTopic(
            topic.topicName(), new StringDeserializer(), serde(type).deserializer());
    return output.readRecordsToList();
  }

  /** The latest values by key, of the records since the last call. */
  private <T extends SpecificRecord> Map<String, T> table(Topic topic, Class<T> type) {
    Map<String, T> table = new LinkedHashMap<>();
    for (TestRecord<String, T> record : output(topic, type)) {
      table.put(record.key(), record.value());
    }
    return table;
  }

  @Override
  public void close() {
    driver.close();
    try {
      Utils.delete(state.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
