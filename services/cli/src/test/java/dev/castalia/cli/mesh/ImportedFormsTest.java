package dev.castalia.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.cli.Execution;
import dev.castalia.cli.cluster.LocalCluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results files of several forms, shots and suites, imported into one mesh. */
@OnSharedMesh
class ImportedFormsTest {

  private static final String EARLY =
      """
      {"results": {"piqa": {"acc": %s, "acc_stderr": %s}},
       "versions": {"piqa": 0},
       "config": {"model": "hf-causal", "num_fewshot": %d, "model_args": "pretrained=%s"}}
      """;

  private static final String TODAYS =
      """
      {"results": {
         "mmlu": {"acc,none": 0.38, "acc_stderr,none": 0.03, "alias": "mmlu"},
         "mmlu_anatomy": {"alias": " - anatomy", "acc,none": 0.25, "acc_stderr,none": "N/A"},
         "mmlu_virology": {"alias": " - virology", "acc,none": 0.5, "acc_stderr,none": 0.05}},
       "group_subtasks": {"mmlu": ["mmlu_anatomy", "mmlu_virology"]},
       "versions": {"mmlu": 2, "mmlu_anatomy": 1.0, "mmlu_virology": 1.0},
       "n-shot": {"mmlu_anatomy": 5, "mmlu_virology": 5},
       "n-samples": {"mmlu_anatomy": {"original": 135, "effective": 100},
         "mmlu_virology": {"original": 166, "effective": 166}},
       "config": {"model": "hf",
         "model_args": {"pretrained": "EleutherAI/pythia-160m-seed3", "dtype": "float32"},
         "model_revision": "step2000", "model_num_parameters": 162322944},
       "model_name": "EleutherAI/pythia-160m-seed3"}
      """;

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;
  private static LocalCluster cluster;

  @BeforeAll
  static void importAll(LocalCluster mesh) throws IOException {
    cluster = mesh;
    write("zero-shot/deduped.json", early(0.6, 0.0115, 0, "EleutherAI/pythia-70m-deduped", 1000));
    write("five-shot/deduped.json", early(0.61, 0.0114, 5, "EleutherAI/pythia-70m-deduped", 1000));
    write(
        "interventions/long.json",
        early(0.58, 0.0116, 0, "EleutherAI/pythia-intervention-long-1.4b-deduped", 143000));
    write("others/opt.json", EARLY.formatted(0.63, 0.0113, 0, "facebook/opt-125m"));
    write("todays.json", TODAYS);
    Execution imported =
        Execution.of("import", "lm-eval", folder.toString(), "--source=ours", "--gateway", url());
    assertThat(imported.status()).as(imported.err()).isZero();
  }

  @Test
  void suitesAndInterventionsStandOnOneBoard() {
    assertThat(board("piqa", 0, 3))
        .containsExactly(
            "1 facebook/opt-125m 600000 0.63 0.0113 0/0",
            "2 pythia-70m-deduped 1000 0.6 0.0115 0/0",
            "3 pythia-intervention-long-1.4b-deduped 143000 0.58 0.0116 0/0");
  }

  @Test
  void fiveShotScoresHaveBoardsOfTheirOwn() {
    assertThat(board("piqa", 5, 1)).containsExactly("1 pythia-70m-deduped 1000 0.61 0.0114 0/0");
  }

  @Test
  void todaysFormGivesABoardOfEachTaskAtItsShots() {
    assertThat(board("mmlu_anatomy", 5, 1))
        .containsExactly("1 pythia-160m-seed3 2000 0.25 null 100/135");
    assertThat(board("mmlu_virology", 5, 1))
        .containsExactly("1 pythia-160m-seed3 2000 0.5 0.05 166/166");
  }

  /**
   * Rank, model, step, value, standard error and documents of each entry, once there are so many.
   */
  private static List<String> board(String task, int shots, int entries) {
    String path = "/leaderboards/%s?source=ours&metric=acc&shots=%d".formatted(task, shots);
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> entries(path), found -> found.size() == entries);
  }

  private static List<String> entries(String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(URI.create(url() + "/api/v1" + path)).build(),
              BodyHandlers.ofString());
      List<String> entries = new ArrayList<>();
      for (JsonNode entry : JSON.readTree(response.body()).path("entries")) {
        entries.add(
            "%s %s %s %s %s %s/%s"
                .formatted(
                    entry.path("rank"),
                    entry.path("model").asText(),
                    entry.path("step"),
                    entry.path("value"),
                    entry.path("stderr"),
                    entry.path("documents"),
                    entry.path("ofDocuments")));
      }
      return entries;
    }
  }

  private static String url() {
    return cluster.gatewayUrl();
  }

  private static String early(double acc, double stderr, int shots, String model, int step) {
    return EARLY.formatted(acc, stderr, shots, model + ",revision=step" + step);
  }

  private static void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
