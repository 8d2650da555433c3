package dev.castalia.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.cli.Execution;
import dev.castalia.cli.cluster.Installation;
import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.cluster.Part;
import dev.castalia.cli.cluster.TopicRecords;
import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.SweepOrder;
import dev.castalia.cli.gateway.SweepProgress;
import dev.castalia.cli.gateway.TaskEntry;
import dev.castalia.cli.progress.SweepWatch;
import dev.castalia.cli.suite.RunFacts;
import dev.castalia.cli.suite.Sources;
import dev.castalia.cli.suite.TaskChoice;
import dev.castalia.events.BoardEntry;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.FailureKind;
import dev.castalia.events.Leaderboard;
import dev.castalia.events.Scorecard;
import dev.castalia.events.SliceScored;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.schemas.EventSerdes;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Topic;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.checkpoint.Fingerprint;
import dev.castalia.scoring.task.Task;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged checkpoints and tasks, files that change, and scorers that go, on a real mesh; what came
 * of it is read from the topics.
 */
@OnSharedMesh
class DamageTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path SUITE = Installation.find().suite("nano");
  private static final Path TOKENIZER = SUITE.resolve("tokenizer.json");
  private static final Path SOURCE = SUITE.resolve("checkpoints/nano-74k/step512");

  @TempDir private static Path folder;
  private static LocalCluster cluster;
  private static GatewayClient gateway;

  @BeforeAll
  static void start(LocalCluster mesh) {
    cluster = mesh;
    gateway = new GatewayClient(URI.create(cluster.gatewayUrl()));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void whateverIsDamagedFailsForItsOwnReasonAndTheRestIsScored() throws Exception {
    Damaged make =
        new Damaged(SOURCE, Files.createDirectories(folder.resolve("damaged")), TOKENIZER);
    Map<CheckpointEntry, List<String>> broken = new LinkedHashMap<>();
    broken.put(make.absent("d-absent"), List.of("not a folder"));
    broken.put(make.cutInHalf("d-cut"), List.of("the file was cut or its header is wrong"));
    broken.put(
        make.headerPastTheEnd("d-header"), List.of("header of 304736 bytes in a file of 152368"));
    broken.put(make.tensorPastTheEnd("d-past"), List.of("embed_out.weight", "[900000000, "));
    broken.put(make.overlapping("d-overlap"), List.of("input_layernorm", "begins at byte"));
    broken.put(
        make.ofAnotherShape("d-shape"), List.of("mlp.dense", "config.json says", "96", "128"));
    broken.put(make.ofAnotherArchitecture("d-other"), List.of("model_type is 'llama'"));
    List<CheckpointEntry> runnable = List.of(make.sound("d-sound"), make.notNumbers("d-nan"));
    gateway.publishCheckpoints(Stream.concat(broken.keySet().stream(), runnable.stream()).toList());

    Path tasks = Files.createDirectories(folder.resolve("damaged-tasks"));
    task(tasks, "d_agreement", "nano_agreement");
    longDocuments(tasks, "d_long");
    List<TaskEntry> sound = register(tasks);
    Map<String, List<String>> brokenTasks = new LinkedHashMap<>();
    brokenTasks.put("d_syntax", List.of("d_syntax.yaml", "not YAML"));
    brokenTasks.put("d_undefined", List.of("d_undefined.yaml", "doc_to_text", "nowhere"));
    brokenTasks.put("d_empty", List.of("d_empty.yaml", "no documents"));
    Files.writeString(tasks.resolve("d_syntax.yaml"), "task: d_syntax\n  output_type: [");
    definition(tasks, "d_undefined", "{{nowhere}}", "{\"text\": \"the cat\"}\n");
    definition(tasks, "d_empty", "{{text}}", "");
    gateway.publishTasks(
        brokenTasks.keySet().stream().map(it -> broken(sound.getFirst(), tasks, it)).toList());
    Map<String, Long> processes = processes();

    List<String> all = new ArrayList<>(List.of("d_agreement", "d_long"));
    all.addAll(brokenTasks.keySet());
    all.add("d_nobodys");
    enqueue("damage", "d-*", all);
    await().until(() -> known("damage"));
    SweepProgress end = new SweepWatch(gateway, "damage").each(progress -> {});

    assertThat(List.of(end.planned(), end.done(), end.failed())).containsExactly(9 * 5, 2 * 2, 41);
    Map<String, EvaluationFailed> failures = failuresOf("d-");
    assertThat(failures).hasSize(41);
    failures.forEach(
        (key, failure) -> {
          assertThat(failure.getKind()).as(key).isEqualTo(FailureKind.PERMANENT);
          assertThat(failure.getAttempts()).as(key).isEqualTo(1);
          assertThat(failure.getScorer()).as(key).isEqualTo("scorer-1");
          assertThat(failure.getRemedy()).as(key).contains("castalia retry");
          assertThat(Keys.of(failure.getUnit())).isEqualTo(key);
        });
    broken.forEach(
        (checkpoint, parts) ->
            assertThat(reasons(failures, checkpoint.model() + "@step1|"))
                .as(checkpoint.model())
                .hasSize(5)
                .allSatisfy(it -> assertThat(it).contains(checkpoint.location()).contains(parts)));
    brokenTasks.forEach(
        (task, parts) ->
            assertThat(reasons(failures, "d-sound@step1|" + task))
                .as(task)
                .singleElement()
                .asString()
                .contains(parts));
    assertThat(processes()).as("no process died").isEqualTo(processes);

    requireLastAndMarked("d-nan", "d_agreement");
    requireCutFromTheLeft();
    await()
        .untilAsserted(
            () ->
                assertThat(failuresOf("damage|").get("damage|d_nobodys"))
                    .isNotNull()
                    .satisfies(
                        it -> {
                          assertThat(it.getReason()).contains("damage", "d_nobodys");
                          assertThat(it.getReason()).contains("not registered");
                          assertThat(it.getRemedy()).contains("register the task");
                        }));
    assertThat(Execution.of("failures", "--sweep=damage", "--gateway", cluster.gatewayUrl()).out())
        .contains("permanent: ", "to do: ")
        // Which of its five are named is by when they failed.
        .containsPattern("d-cut@step1, d_\\w+, documents 0 to \\d+, attempt 1");
  }

  @Test
  void whatWasMendedIsScoredWhenItIsRetriedOneAtATimeOrAll() throws Exception {
    Damaged make =
        new Damaged(SOURCE, Files.createDirectories(folder.resolve("mended")), TOKENIZER);
    Path tasks = Files.createDirectories(folder.resolve("mended-tasks"));
    task(tasks, "mend_agreement", "nano_agreement");
    register(tasks);
    List<String> models = List.of("mend-one", "mend-two", "mend-three");
    gateway.publishCheckpoints(models.stream().map(make::absent).toList());
    order("mended", "mend-*", "mend_agreement", false);
    SweepProgress first = new SweepWatch(gateway, "mended").each(progress -> {});
    assertThat(List.of(first.planned(), first.done(), first.failed())).containsExactly(3, 0, 3);
    Map<String, EvaluationFailed> failures = failuresOf("mend-");
    assertThat(failures).hasSize(3);

    for (String model : models) {
      make.sound(model);
    }
    String one =
        failures.keySet().stream()
            .filter(it -> it.startsWith("mend-one@"))
            .findFirst()
            .orElseThrow();
    assertThat(Execution.of("retry", one, "--gateway", cluster.gatewayUrl()).out())
        .contains("1 unit is tried again");
    await().untilAsserted(() -> assertThat(scores("mend-one")).hasSize(1));
    await().until(() -> gateway.progress("mended").failed() == 2);
    assertThat(failuresOf("mend-").values())
        .extracting(it -> it.getUnit().getCheckpoint())
        .containsExactlyInAnyOrder("mend-two@step1", "mend-three@step1");

    assertThat(Execution.of("retry", "--sweep", "mended", "--gateway", cluster.gatewayUrl()).out())
        .contains("2 units are tried again");
    await().until(() -> gateway.progress("mended").done() == 3);
    assertThat(gateway.progress("mended").failed()).isZero();
    assertThat(scores("mend-")).hasSize(3);
    assertThat(failuresOf("mend-")).isEmpty();
  }

  @Test
  void weightsThatChangedUnderTheSameNameAreScoredAnew() throws Exception {
    // Nobody else publishes those, or they would be scored as twins.
    Path source = SUITE.resolve("checkpoints/nano-197k/step512");
    Path other = SUITE.resolve("checkpoints/nano-197k/step0");
    Damaged make =
        new Damaged(source, Files.createDirectories(folder.resolve("changing")), TOKENIZER);
    Path tasks = Files.createDirectories(folder.resolve("changing-tasks"));
    task(tasks, "c_agreement", "nano_agreement");
    register(tasks);
    CheckpointEntry checkpoint = make.sound("c-changing");
    String before = fingerprint(source);
    gateway.publishCheckpoints(List.of(checkpoint.withContentHash(before)));
    order("changing", "c-changing", "c_agreement", true);
    await().untilAsserted(() -> requireWeights("c-changing", before));
    Files.copy(
        other.resolve("model.safetensors"),
        Path.of(checkpoint.location(), "model.safetensors"),
        StandardCopyOption.REPLACE_EXISTING);
    String after = fingerprint(other);
    gateway.publishCheckpoints(List.of(checkpoint.withContentHash(after)));

    await().untilAsserted(() -> requireWeights("c-changing", after));
    assertThat(scores("c-changing"))
        .extracting(SliceScored::getFingerprint)
        .contains(before, after);
    assertThat(scorecard("c-changing", "c_agreement").getReplaced()).isEqualTo(before);
    assertThat(
            Execution.of("scorecard", "c-changing@step1", "--gateway", cluster.gatewayUrl()).out())
        .contains("its weights changed", before);
  }

  @Test
  void aScorerWithOtherTaskFilesRefusesAndTheRightOneScoresThenTheNewVersionIsScoredByBoth()
      throws Exception {
    Damaged make =
        new Damaged(SOURCE, Files.createDirectories(folder.resolve("refused")), TOKENIZER);
    Path tasks = Files.createDirectories(folder.resolve("refused-tasks"));
    Path data = task(tasks, "r_agreement", "nano_agreement");
    String right = register(tasks).getFirst().version();
    List<CheckpointEntry> copies = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      copies.add(make.sound("r-" + i));
    }
    gateway.publishCheckpoints(List.of(make.sound("right")));
    order("seen", "right", "r_agreement", false);
    new SweepWatch(gateway, "seen").each(progress -> {});
    // The first scorer has read the task; who comes now reads another.
    List<String> lines = Files.readAllLines(data);
    Files.write(data, lines.subList(0, lines.size() / 2));
    Part wrong = cluster.addScorer();
    cluster.awaitReady(wrong.name());
    try {
      requireRefused(wrong, right, copies);
      requireNewVersion(right, tasks, lines.size() / 2);
    } finally {
      wrong.stop();
    }
  }

  private static void requireRefused(Part wrong, String right, List<CheckpointEntry> copies)
      throws InterruptedException {
    gateway.publishCheckpoints(copies);
    order("refused", "r-*", "r_agreement", false);
    SweepProgress end = new SweepWatch(gateway, "refused").each(progress -> {});

    assertThat(List.of(end.planned(), end.done(), end.failed())).containsExactly(12, 12, 0);
    assertThat(scores("r-"))
        .allSatisfy(
            it -> {
              assertThat(it.getScorer()).isEqualTo("scorer-1");
              assertThat(it.getUnit().getVersion()).isEqualTo(right);
            });
    assertThat(refusals())
        .isNotEmpty()
        .allSatisfy(
            it -> {
              assertThat(it.getScorer()).isEqualTo(wrong.name());
              assertThat(it.getReason()).contains("r_agreement.yaml", right, "was asked for");
            });
    assertThat(failuresOf("r-")).isEmpty();
  }

  private static void requireNewVersion(String right, Path tasks, int documents)
      throws InterruptedException {
    String changed = register(tasks).getFirst().version();
    assertThat(changed).isNotEqualTo(right);
    order("changed", "r-*", "r_agreement", false);
    assertThat(new SweepWatch(gateway, "changed").each(progress -> {}).done()).isEqualTo(12);
    Scorecard card = scorecard("r-0", "r_agreement");
    assertThat(card.getVersion()).isEqualTo(changed);
    assertThat(card.getDocuments()).isEqualTo(documents);
  }

  @Test
  void aScorerToldToStopFinishesItsSliceAndGivesTheRestBackAtOnce() throws Exception {
    // Large, and with many slices, so that much is left when the first one is seen.
    Path source = SUITE.resolve("checkpoints/nano-480k/step512");
    Damaged make =
        new Damaged(source, Files.createDirectories(folder.resolve("drained")), TOKENIZER);
    Path tasks = Files.createDirectories(folder.resolve("drained-tasks"));
    Path data = task(tasks, "s_agreement", "nano_agreement");
    List<String> lines = Files.readAllLines(data);
    Files.write(data, Collections.nCopies(70, lines).stream().flatMap(List::stream).toList());
    register(tasks);
    gateway.publishCheckpoints(List.of(make.sound("s-drained")));
    Part second = cluster.addScorer();
    cluster.awaitReady(second.name());
    order("drained", "s-drained", "s_agreement", false);
    String first =
        await()
            .pollInterval(Duration.ofMillis(50))
            .until(() -> atWork("scorer-1", second.name()), Optional::isPresent)
            .get();
    cluster.part(first).stop();
    Instant stopped = Instant.now();
    SweepProgress end = new SweepWatch(gateway, "drained").each(progress -> {});
    List<SliceScored> scores = scores("s-drained");
    Part left = first.equals(second.name()) ? null : second;
    if (left != null) {
      cluster.part(first).start();
      cluster.awaitReady(first);
      left.stop();
    }

    assertThat(failuresOf("s-")).isEmpty();
    assertThat(end.failed()).isZero();
    assertThat(end.done()).isEqualTo(end.planned()).isGreaterThan(3);
    List<SliceScored> others = scores.stream().filter(it -> !it.getScorer().equals(first)).toList();
    assertThat(others).isNotEmpty().hasSizeLessThanOrEqualTo(end.planned());
    assertThat(others.getFirst().getScoredAt())
        .as("long before the lock of 30 s is over")
        .isBefore(stopped.plusSeconds(25));
    assertThat(others).extracting(SliceScored::getAttempt).containsOnly(1);
  }

  /** Which of the scorers has opened a checkpoint and computes, if any; told faster than scores. */
  private static Optional<String> atWork(String... scorers) throws Exception {
    for (String scorer : scorers) {
      if (metrics(scorer).lines().anyMatch(it -> it.matches("castalia_scorer_busy_slots.* 1.0"))) {
        return Optional.of(scorer);
      }
    }
    return Optional.empty();
  }

  private static String metrics(String part) throws Exception {
    URI metrics = URI.create(cluster.address(part) + "/q/metrics");
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString()).body();
    }
  }

  // Tasks

  /** A copy of one of the suite's tasks under another name; its data's file. */
  private static Path task(Path tasks, String name, String of) throws IOException {
    Path original = SUITE.resolve("tasks").resolve(of + ".yaml");
    Path data = tasks.resolve(name + ".jsonl");
    Files.copy(SUITE.resolve("tasks/data").resolve(of + ".jsonl"), data);
    Files.writeString(
        tasks.resolve(name + ".yaml"),
        Files.readString(original)
            .replace("task: " + of, "task: " + name)
            .replace("data/" + of + ".jsonl", name + ".jsonl"));
    return data;
  }

  /** Three documents longer than the context: two that differ in what is cut, one that does not. */
  private static void longDocuments(Path tasks, String name) throws IOException {
    String tail = "the cat sees a dog and ".repeat(100);
    definition(
        tasks,
        name,
        "{{text}}",
        Stream.of("a bird ".repeat(50) + tail, "two boys run ".repeat(90) + tail, tail + "birds ")
            .map(text -> "{\"text\": \"" + text.strip() + "\"}\n")
            .collect(Collectors.joining()));
  }

  private static void definition(Path tasks, String name, String text, String data)
      throws IOException {
    Files.writeString(tasks.resolve(name + ".jsonl"), data);
    Files.writeString(
        tasks.resolve(name + ".yaml"),
        """
        task: %s
        dataset_path: json
        dataset_kwargs: {data_files: {test: %s.jsonl}}
        output_type: loglikelihood
        test_split: test
        doc_to_text: "%s"
        doc_to_target: " dogs"
        """
            .formatted(name, name, text));
  }

  private static List<TaskEntry> register(Path tasks) {
    List<TaskEntry> entries =
        Sources.read(tasks, new RunFacts(), TOKENIZER, new TaskChoice()).tasks();
    gateway.publishTasks(entries);
    return entries;
  }

  /** As it was when it was whole, or, where only a template is wrong, as it is. */
  private static TaskEntry broken(TaskEntry like, Path tasks, String name) {
    Path file = tasks.resolve(name + ".yaml");
    String version = "0123456789abcdef";
    if (name.equals("d_undefined")) {
      try {
        version = Task.parse(file, Files.readString(file)).version();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    return new TaskEntry(
        name,
        version,
        "en",
        1,
        1,
        10,
        "loglikelihood",
        0,
        like.metrics(),
        List.of(),
        file.toString());
  }

  // Sweeps

  private static void order(String id, String models, String task, boolean standing) {
    gateway.createSweep(
        new SweepOrder(id, "test", List.of(models), null, List.of(task), null, null, standing, 0));
  }

  /** Past the gateway, which would refuse a task that is not there. */
  private static void enqueue(String id, String models, List<String> tasks) throws Exception {
    SweepRequested sweep =
        SweepRequested.newBuilder()
            .setSweep(id)
            .setRequestedBy("test")
            .setRequestedAt(Instant.now())
            .setModels(List.of(models))
            .setTasks(tasks.stream().map(it -> new SweepTask(it, null, null)).toList())
            .build();
    Map<String, Object> settings = Map.of("bootstrap.servers", cluster.bootstrapServers());
    try (KafkaProducer<String, SpecificRecord> producer =
        new KafkaProducer<>(
            settings,
            new StringSerializer(),
            new EventSerdes(cluster.registryUrl()).<SpecificRecord>serializer())) {
      producer.send(new ProducerRecord<>(Topic.SWEEPS.topicName(), id, sweep)).get();
    }
  }

  private static boolean known(String sweep) {
    try {
      return gateway.progress(sweep).planned() > 0;
    } catch (dev.castalia.cli.gateway.GatewayException e) {
      return false;
    }
  }

  // What came of it

  private static void requireLastAndMarked(String model, String task) {
    Leaderboard board =
        (Leaderboard)
            TopicRecords.latest(cluster, Topic.LEADERBOARDS)
                .get(Keys.leaderboard(task, "acc", 0, "float32", null));
    assertThat(board.getEntries())
        .extracting(BoardEntry::getModel)
        .containsExactly("d-sound", model);
    assertThat(board.getEntries().getLast().getValue()).isNaN();
    assertThat(scorecard(model, task).getMetrics())
        .allSatisfy(it -> assertThat(it.getValue()).isNaN());
    String[] where = {"--gateway", cluster.gatewayUrl()};
    JsonNode last =
        json(Execution.of("leaderboard", task, "--json", where[0], where[1]).out())
            .get("entries")
            .get(1);
    assertThat(last.get("value").isNull()).isTrue();
    assertThat(last.get("notFinite").asText()).isEqualTo("NaN");
    assertThat(Execution.of("leaderboard", task, where[0], where[1]).outLines().getLast())
        .matches(" +2 +" + model + " .* NaN .*");
    JsonNode acc =
        json(Execution.of("scorecard", model + "@step1", "--json", where[0], where[1]).out())
            .at("/tasks/" + task + "/metrics/acc");
    assertThat(acc.get("value").isNull()).isTrue();
    assertThat(acc.get("notFinite").asText()).isEqualTo("NaN");
    assertThat(Execution.of("scorecard", model + "@step1", where[0], where[1]).out())
        .contains("acc", "NaN");
  }

  private static void requireCutFromTheLeft() {
    List<Double> values =
        scores("d-sound").stream()
            .filter(it -> it.getUnit().getTask().equals("d_long"))
            .findFirst()
            .orElseThrow()
            .getMetrics()
            .getFirst()
            .getValues();
    assertThat(values).hasSize(3).allSatisfy(it -> assertThat(it).isNegative().isFinite());
    assertThat(values.get(0)).isEqualTo(values.get(1)).isNotEqualTo(values.get(2));
  }

  private static void requireWeights(String model, String fingerprint) {
    Scorecard card = scorecard(model, "c_agreement");
    assertThat(card).isNotNull();
    assertThat(card.getFingerprint()).isEqualTo(fingerprint);
    assertThat(card.getDocuments()).isEqualTo(card.getOfDocuments());
  }

  private static Scorecard scorecard(String model, String task) {
    return TopicRecords.latest(cluster, Topic.SCORECARDS).values().stream()
        .map(Scorecard.class::cast)
        .filter(it -> it.getCheckpoint().getModel().equals(model) && it.getTask().equals(task))
        .findFirst()
        .orElse(null);
  }

  private static Map<String, EvaluationFailed> failuresOf(String units) {
    Map<String, EvaluationFailed> failures = new TreeMap<>();
    TopicRecords.latest(cluster, Topic.FAILURES, units)
        .forEach((key, failure) -> failures.put(key, (EvaluationFailed) failure));
    return failures;
  }

  private static List<String> reasons(Map<String, EvaluationFailed> failures, String units) {
    return failures.entrySet().stream()
        .filter(it -> it.getKey().startsWith(units))
        .map(it -> it.getValue().getReason())
        .toList();
  }

  private static List<EvaluationFailed> refusals() {
    return TopicRecords.events(cluster, Topic.FAILURES, "r-").stream()
        .map(ConsumerRecord::value)
        .filter(EvaluationFailed.class::isInstance)
        .map(EvaluationFailed.class::cast)
        .filter(it -> it.getKind() == FailureKind.REFUSED)
        .toList();
  }

  private static List<SliceScored> scores(String models) {
    return TopicRecords.events(cluster, Topic.SCORES, models).stream()
        .map(ConsumerRecord::value)
        .map(SliceScored.class::cast)
        .toList();
  }

  private static Map<String, Long> processes() {
    return Stream.of(
            LocalCluster.BROKER,
            LocalCluster.REGISTRY,
            LocalCluster.AGGREGATOR,
            LocalCluster.GATEWAY,
            "scorer-1")
        .collect(Collectors.toMap(it -> it, it -> cluster.part(it).pid()));
  }

  private static String fingerprint(Path checkpoint) {
    return Fingerprint.of(Checkpoint.open(checkpoint).weights());
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }
}
