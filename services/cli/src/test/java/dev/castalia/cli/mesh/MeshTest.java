package dev.castalia.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
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
import dev.castalia.cli.gateway.Leaderboard;
import dev.castalia.cli.gateway.Scorecard;
import dev.castalia.cli.gateway.SweepOrder;
import dev.castalia.cli.gateway.SweepProgress;
import dev.castalia.cli.progress.SweepWatch;
import dev.castalia.cli.suite.Announcement;
import dev.castalia.cli.suite.Suite;
import dev.castalia.cli.suite.SuitePublisher;
import dev.castalia.events.SliceScored;
import dev.castalia.schemas.Topic;
import dev.castalia.schemas.Traces;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole mesh: real broker, registry, aggregator, gateway and scorers, on really trained
 * checkpoints. What was scored is read from the topic itself.
 */
@OnSharedMesh
class MeshTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MODEL = "nano-74k";

  /** Of every checkpoint of the demo's that is of that model, and every task. */
  private static final long UNITS = 9 * 8;

  private static Collector collector;
  private static LocalCluster cluster;
  private static GatewayClient gateway;

  @BeforeAll
  static void start(LocalCluster mesh, Collector spans) {
    cluster = mesh;
    collector = spans;
    gateway = new GatewayClient(URI.create(cluster.gatewayUrl()));
    Announcement suite =
        Suite.read(Installation.find().suite("nano")).announcement(Suite.Steps.DEMO);
    List<CheckpointEntry> checkpoints =
        suite.checkpoints().stream().filter(it -> it.model().equals(MODEL)).toList();
    new SuitePublisher(gateway)
        .publish(new Announcement(suite.tasks(), checkpoints, List.of(), List.of()));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void oneTraceLeadsFromTheOrderToTheBoard() throws Exception {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    String order =
        "{\"sweep\": \"traced\", \"requestedBy\": \"test\", \"models\": [\"%s\"], \"steps\": \"2000\","
            + " \"tasks\": [\"nano_sum\"]}";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(cluster.gatewayUrl() + "/api/v1/sweeps"))
            .header("Content-Type", "application/json")
            .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
            .POST(HttpRequest.BodyPublishers.ofString(order.formatted(MODEL)))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isLessThan(300);
    }
    watch("traced");

    await()
        .untilAsserted(
            () -> {
              for (Topic topic :
                  List.of(
                      Topic.SWEEPS,
                      Topic.REQUESTS,
                      Topic.SCORES,
                      Topic.SCORECARDS,
                      Topic.LEADERBOARDS)) {
                assertThat(TopicRecords.bytes(cluster, topic))
                    .as(topic.topicName())
                    .anyMatch(it -> String.valueOf(Traces.text(it.headers())).contains(trace));
              }
              assertThat(collector.spansOf(trace))
                  .contains("issue request")
                  .contains("evaluate")
                  .contains("score slice")
                  .contains("change scorecard")
                  .contains("publish board");
            });
  }

  @Test
  void whatDashboardsAndAlertsAskForIsMeasured() throws Exception {
    run("measured", MODEL, "1000", "nano_sum");
    Set<String> measured = new HashSet<>();
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (String part :
          List.of(
              LocalCluster.GATEWAY,
              LocalCluster.AGGREGATOR,
              LocalCluster.AGGREGATOR + "-2",
              "scorer-1")) {
        URI metrics = URI.create(cluster.address(part) + "/q/metrics");
        http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
            .body()
            .lines()
            .filter(it -> !it.startsWith("#"))
            .map(it -> it.split("[{ ]")[0])
            .forEach(measured::add);
      }
    }
    Set<String> asked = new HashSet<>();
    Path files = Path.of(System.getProperty("castalia.root"), "helm", "castalia");
    for (String file :
        List.of("files/dashboards/castalia.json", "files/alerts.yaml", "templates/scorers.yaml")) {
      Pattern.compile("\\b(castalia|http_server|jvm|process)_[a-z0-9_]+")
          .matcher(Files.readString(files.resolve(file)))
          .results()
          .map(MatchResult::group)
          .filter(it -> !it.equals("castalia_dev_pool"))
          .forEach(asked::add);
    }

    assertThat(asked).hasSizeGreaterThan(10);
    assertThat(measured).containsAll(asked);
  }

  @Test
  void aSweepScoresWhatAnIndependentImplementationScores() throws Exception {
    run("reference", MODEL, "512", "nano_*");

    Scorecard card = gateway.scorecard(MODEL + "@step512");
    JsonNode reference =
        JSON.readTree(MeshTest.class.getResource("/reference/nano-74k-step512.json"));
    for (Map.Entry<String, JsonNode> task : reference.properties()) {
      Scorecard.TaskScore score = card.tasks().get(task.getKey());
      int documents = task.getValue().get("n").asInt();
      assertThat(score.documents()).as(task.getKey()).isEqualTo(documents);
      score
          .metrics()
          .forEach(
              (metric, got) -> {
                double wanted = task.getValue().get(metric).get("value").asDouble();
                double tolerance =
                    Set.of("bits_per_byte", "likelihood_diff").contains(metric)
                        ? 1e-4
                        : metric.endsWith("perplexity") ? 1e-4 * wanted : 1.0 / documents;
                assertThat(got.value())
                    .as(task.getKey() + " " + metric)
                    .isCloseTo(wanted, within(tolerance));
              });
    }
  }

  @Test
  void theSameSweepAgainScoresNothingAndIsDoneAtOnce() throws Exception {
    run("first", MODEL, "0,1", "nano_agreement,nano_sum");
    long scored = scores(MODEL).size();
    SweepProgress again = run("again", MODEL, "0,1", "nano_agreement,nano_sum");

    assertThat(again.done()).isEqualTo(4);
    assertThat(scores(MODEL)).hasSize((int) scored);
  }

  @Test
  void whatTwoSweepsShareIsScoredOnce() throws Exception {
    order("left", MODEL, "64,128,256", "nano_recall,nano_text");
    order("right", MODEL, "128,256,1000", "nano_recall,nano_text");
    SweepProgress left = watch("left");
    SweepProgress right = watch("right");

    assertThat(List.of(left.done(), right.done())).containsExactly(6, 6);
    Map<String, Long> times =
        scores(MODEL).stream()
            .map(ConsumerRecord::key)
            .filter(it -> it.matches(".*@step(64|128|256|1000)\\|nano_(recall|text)\\|.*"))
            .collect(Collectors.groupingBy(it -> it, Collectors.counting()));
    assertThat(times).hasSize(8).allSatisfy((unit, count) -> assertThat(count).isEqualTo(1));
  }

  @Test
  void aTrajectoryAndALeaderboardFillAsAScoreComes() throws Exception {
    run("board", MODEL, "8,2000", "nano_pronoun_bias");

    Leaderboard board =
        gateway.leaderboard("nano_pronoun_bias", 10, Map.of("metric", "pct_stereotype"));
    assertThat(board.metric().direction()).isEqualTo("NEAREST");
    List<Double> distances =
        board.entries().stream().map(it -> Math.abs(it.value() - 0.5)).toList();
    assertThat(distances).hasSizeGreaterThanOrEqualTo(2).isSorted();
    JsonNode trajectory =
        JSON.readTree(get("/api/v1/trajectories/" + MODEL + "/nano_pronoun_bias/pct_stereotype"));
    assertThat(trajectory.get("points"))
        .extracting(it -> it.get("step").asLong())
        .contains(8L, 2000L)
        .isSorted();
  }

  @Test
  void aScorerThatComesInMidSweepTakesOverAPartAndScoresTheSame() throws Exception {
    gateway.createSweep(order("mid", "mid-*", "all", "nano_*", true));
    List<String> copies = new ArrayList<>(List.of("mid-0"));
    publishAs("mid-0");
    Part second = cluster.addScorer();
    cluster.awaitReady(second.name());
    // However fast the first is, there is work left when the second has come.
    await()
        .until(
            () -> {
              copies.add("mid-" + copies.size());
              publishAs(copies.getLast());
              await().until(() -> isDone("mid", copies.size() * UNITS));
              return scorersOf("mid-").containsKey(second.name());
            });
    second.stop();
    Map<String, Long> split = scorersOf("mid-");

    System.out.println("Units by scorer, the last of which came in mid-sweep: " + split);
    assertThat(split.values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(copies.size() * UNITS);
    assertThat(gateway.progress("mid").failed()).isZero();
    for (String step : List.of("step0", "step256", "step2000")) {
      assertThat(copies)
          .extracting(copy -> gateway.scorecard(copy + "@" + step).tasks())
          .containsOnly(gateway.scorecard(copies.getFirst() + "@" + step).tasks());
    }
  }

  private static boolean isDone(String sweep, long units) {
    SweepProgress progress = gateway.progress(sweep);
    return progress.done() + progress.failed() == units;
  }

  /** The same weights under another name are other units. */
  private static void publishAs(String model) {
    List<CheckpointEntry> copies =
        Suite.read(Installation.find().suite("nano"))
            .announcement(Suite.Steps.DEMO)
            .checkpoints()
            .stream()
            .filter(it -> it.model().equals(MODEL))
            .map(it -> it.ofModel(model))
            .toList();
    gateway.publishCheckpoints(copies);
  }

  @Test
  void ofTheRevisionsOfARunThoseWithTheSameWeightsAreScoredOnce(@TempDir Path folder)
      throws Exception {
    // As the hub once had it, where 86 of 154 revisions were the final weights.
    int revisions = 43;
    int same = 24;
    Path run = folder.resolve("hub-run");
    Revisions written = new Revisions(run, MODEL, "step512");
    for (int step = 0; step < revisions; step++) {
      written.write(step, Math.min(step, revisions - same));
    }
    Execution published =
        Execution.of(
            "publish",
            run.toString(),
            "--tokens-per-step",
            "4096",
            "--gateway",
            cluster.gatewayUrl());
    assertThat(published.status()).as(published.err()).isZero();

    SweepProgress end = run("revisions", "hub-run", "all", "nano_sum");

    assertThat(end.planned()).isEqualTo(revisions);
    Set<String> scored = scoredCheckpoints("hub-run");
    assertThat(scored).hasSize(revisions - same + 1);
    List<Scorecard.TaskScore> twins =
        IntStream.range(revisions - same, revisions)
            .mapToObj(step -> gateway.scorecard("hub-run@step" + step).tasks().get("nano_sum"))
            .toList();
    assertThat(twins)
        .extracting(Scorecard.TaskScore::metrics)
        .containsOnly(twins.getFirst().metrics());
    assertThat(twins)
        .extracting(Scorecard.TaskScore::scoredAs)
        .filteredOn(Objects::nonNull)
        .hasSize(same - 1)
        .allMatch(scored::contains);
  }

  private static Set<String> scoredCheckpoints(String model) {
    return scores(model).stream()
        .map(ConsumerRecord::value)
        .map(it -> ((SliceScored) it).getUnit().getCheckpoint())
        .collect(Collectors.toSet());
  }

  private static void order(String id, String models, String steps, String tasks) {
    gateway.createSweep(order(id, models, steps, tasks, false));
  }

  private static SweepOrder order(
      String id, String models, String steps, String tasks, boolean standing) {
    return new SweepOrder(
        id, "test", List.of(models), steps, List.of(tasks.split(",")), null, null, standing, 0);
  }

  private static SweepProgress run(String id, String models, String steps, String tasks)
      throws InterruptedException {
    order(id, models, steps, tasks);
    return watch(id);
  }

  private static SweepProgress watch(String id) throws InterruptedException {
    SweepProgress end = new SweepWatch(gateway, id).each(progress -> {});
    assertThat(end.failed()).as("failed units of " + id).isZero();
    assertThat(end.done()).isEqualTo(end.planned());
    return end;
  }

  /** How many units of the models whose name starts so each scorer scored. */
  private static Map<String, Long> scorersOf(String models) {
    return TopicRecords.events(cluster, Topic.SCORES, models).stream()
        .map(ConsumerRecord::value)
        .map(SliceScored.class::cast)
        .collect(Collectors.groupingBy(SliceScored::getScorer, Collectors.counting()));
  }

  private static List<ConsumerRecord<String, SpecificRecord>> scores(String model) {
    return TopicRecords.events(cluster, Topic.SCORES, model + "@");
  }

  private static String get(String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create(cluster.gatewayUrl() + path)).build(),
              BodyHandlers.ofString())
          .body();
    }
  }
}
