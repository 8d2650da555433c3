package dev.castalia.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.cli.Execution;
import dev.castalia.cli.Suites;
import dev.castalia.cli.cluster.ClusterOptions;
import dev.castalia.cli.cluster.Installation;
import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.gateway.FindingsPending;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.report.CatchingUp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What EleutherAI published of Pythia, imported into a mesh: every number comes out as it went in.
 */
@Tag("manual")
@Tag("load")
class PythiaEvalsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SOURCE = "pythia-evals";
  private static final int SCORES = 74_304;

  private static LocalCluster cluster;
  private static Path evals;
  private static Instant importedAt;

  /** By model|step|task|metric: value and standard error. */
  private static final Map<String, double[]> EXPECTED = new HashMap<>();

  @BeforeAll
  static void importAll() throws IOException {
    evals = Suites.pythiaEvals();
    expect();
    cluster =
        LocalCluster.start(Installation.find(), ClusterOptions.withScorers(0), System.out::println);
    long start = System.nanoTime();
    Execution imported =
        Execution.of("import", "lm-eval", evals.toString(), "--gateway", cluster.gatewayUrl());
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    importedAt = Instant.now();
    System.out.println(imported.out() + "in " + took.toMillis() / 1000.0 + " s");
    assertThat(imported.status()).isZero();
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  /** Read here by folder and file name, which agree with what is in the files but for one run. */
  private static void expect() throws IOException {
    try (Stream<Path> files = Files.walk(evals)) {
      for (Path file : files.filter(it -> it.toString().endsWith(".json")).toList()) {
        String model = file.getParent().getParent().getFileName().toString().replace("-bf16", "");
        String step = file.getFileName().toString().replaceAll(".*_step(\\d+)\\.json", "$1");
        JsonNode results = JSON.readTree(file.toFile()).path("results");
        for (var task : results.properties()) {
          for (var metric : task.getValue().properties()) {
            if (!metric.getKey().endsWith("_stderr")) {
              EXPECTED.put(
                  String.join("|", model, step, task.getKey(), metric.getKey()),
                  new double[] {
                    metric.getValue().doubleValue(),
                    task.getValue().path(metric.getKey() + "_stderr").doubleValue()
                  });
            }
          }
        }
      }
    }
    assertThat(EXPECTED).hasSize(SCORES);
  }

  @Test
  void everyPointOfEveryTrajectoryIsTheFiles() {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              Map<String, double[]> found = trajectories();
              assertThat(found).hasSize(SCORES);
              found.forEach((key, value) -> assertThat(value).as(key).isEqualTo(EXPECTED.get(key)));
            });
  }

  @Test
  void everyEntryOfEveryBoardIsTheFiles() throws Exception {
    Map<String, double[]> found = new HashMap<>();
    for (JsonNode board : get("/leaderboards").path("leaderboards")) {
      String task = board.path("task").asText();
      for (JsonNode spec : board.path("metrics")) {
        String metric = spec.path("metric").asText();
        JsonNode entries =
            get("/leaderboards/" + task + "?pageSize=1000&source=" + SOURCE + "&metric=" + metric)
                .path("entries");
        double before = Double.NaN;
        for (JsonNode entry : entries) {
          String direction = spec.path("direction").asText();
          double value = entry.path("value").doubleValue();
          double badness =
              switch (direction) {
                case "HIGHER" -> -value;
                case "NEAREST" -> Math.abs(value - 0.5);
                default -> value;
              };
          assertThat(badness + 1e-12)
              .as("order of " + task)
              .isGreaterThanOrEqualTo(Double.isNaN(before) ? badness : before);
          before = badness;
          found.put(
              String.join(
                  "|", entry.path("model").asText(), entry.path("step").asText(), task, metric),
              new double[] {value, entry.path("stderr").doubleValue()});
        }
      }
    }

    assertThat(found).hasSize(SCORES);
    found.forEach((key, value) -> assertThat(value).as(key).isEqualTo(EXPECTED.get(key)));
  }

  /** Written to target/pythia-evals-en.html and -ko.html, for people to look at. */
  @Test
  void theReportHoldsFiveClaimsAgainstTheFindingsInBothLanguages() throws Exception {
    awaitFindings();
    for (String language : List.of("en", "ko")) {
      Path html = Path.of("target", "pythia-evals-" + language + ".html").toAbsolutePath();
      Execution report =
          Execution.of(
              "report",
              "--html",
              html.toString(),
              "--lang",
              language,
              "--gateway",
              cluster.gatewayUrl());

      assertThat(report.status()).isZero();
      assertThat(Files.readString(html)).contains("lang=\"" + language + "\"");
    }
    Execution summary = Execution.of("report", "--gateway", cluster.gatewayUrl());
    System.out.println(summary.out());
    assertThat(summary.outLines().stream().filter(it -> it.contains(" — "))).hasSize(5);
  }

  /** Returns when they are of all scores, and says how many there are. */
  private static void awaitFindings() throws Exception {
    try (GatewayClient client = new GatewayClient(URI.create(cluster.gatewayUrl()))) {
      FindingsPending pending =
          CatchingUp.await(client::findingsPending, Duration.ofMinutes(4), any -> {});
      assertThat(pending.complete()).as(pending.toString()).isTrue();
    }
    System.out.printf(
        "figure: %s findings, the last of them %.0f s after the import%n",
        get("/findings?pageSize=1").path("total"),
        Duration.between(importedAt, latestFinding()).toMillis() / 1e3);
  }

  private static Instant latestFinding() throws Exception {
    JsonNode latest = get("/findings?order=latest&pageSize=1").at("/findings/0/computedAt");
    return Instant.parse(latest.asText());
  }

  @Test
  void importedAgainNothingChanges() {
    Execution again =
        Execution.of("import", "lm-eval", evals.toString(), "--gateway", cluster.gatewayUrl());

    assertThat(again.outLines()).contains("74,304 scores: 0 new, 0 updated, 74,304 unchanged");
  }

  private static Map<String, double[]> trajectories() throws Exception {
    Map<String, double[]> found = new HashMap<>();
    for (int page = 1; ; page++) {
      JsonNode lines =
          get("/trajectories?pageSize=500&source=" + SOURCE + "&page=" + page).path("trajectories");
      if (lines.isEmpty()) {
        return found;
      }
      for (JsonNode line : lines) {
        for (JsonNode point : line.path("points")) {
          found.put(
              String.join(
                  "|",
                  line.path("model").asText(),
                  point.path("step").asText(),
                  line.path("task").asText(),
                  line.at("/metric/metric").asText()),
              new double[] {point.path("value").doubleValue(), point.path("stderr").doubleValue()});
        }
      }
    }
  }

  private static JsonNode get(String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(cluster.gatewayUrl() + "/api/v1" + path)).build();
      return JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
    }
  }
}
