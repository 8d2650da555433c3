package dev.castalia.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.castalia.cli.Execution;
import dev.castalia.cli.RecordingGateway;
import dev.castalia.cli.Suites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pythia's own tasks give what transformers gives: {@code pythia/expected.py}. */
@Tag("slow")
class PythiaTasksTest {

  @TempDir private Path folder;

  private static JsonNode expected(String key) throws IOException {
    Path file = Suites.pythiaData().resolve("expected.json");
    return RecordingGateway.json(Files.readString(file)).path(key);
  }

  private Execution score(Path tasks, String names, String... more) {
    return Execution.of(
        Stream.concat(
                Stream.of(
                    "score",
                    "--model",
                    Suites.bundled().resolve("checkpoints/nano-74k/step512").toString(),
                    "--task-path",
                    tasks.toString(),
                    "--data-path",
                    folder.resolve("data").toString(),
                    "--tasks",
                    names,
                    "--output",
                    folder.resolve("out").toString()),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private String written(String name) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
      return Files.readString(
          files
              .filter(file -> file.getFileName().toString().startsWith(name))
              .findFirst()
              .orElseThrow());
    }
  }

  private JsonNode results(String task) throws IOException {
    return RecordingGateway.json(written("results_")).path("results").path(task);
  }

  private void data(String resource, String file) throws IOException {
    Path to = folder.resolve("data").resolve(file);
    Files.createDirectories(to.getParent());
    Files.copy(Suites.pythiaData().resolve(resource), to);
  }

  @Test
  void memorizationIsHowMuchOfATrainingSequenceIsGoneOnWith() throws IOException {
    data("document.idx", "pile/document.idx");
    data("document.bin", "pile/document.bin");
    Path tasks = Files.createDirectories(folder.resolve("tasks"));
    Path task = Suites.pythiaTasks().resolve("pythia_memorization.yaml");
    Files.copy(task, tasks.resolve(task.getFileName()));
    Files.writeString(
        tasks.resolve("short.yaml"),
        """
        include: pythia_memorization.yaml
        task: short
        dataset_kwargs: {data_files: pile/document, count: 12}
        prompt_tokens: 24
        continuation_tokens: 4
        """);

    Execution score = score(tasks, "short");

    assertThat(score.status()).as(score.err()).isZero();
    List<Integer> recalled = expected("recalled").valueStream().map(JsonNode::asInt).toList();
    assertThat(results("short").path("extractable,none").asDouble())
        .isEqualTo(Collections.frequency(recalled, 4) / 12.0, within(1e-9));
    assertThat(results("short").path("memorization_score,none").asDouble())
        .isEqualTo(recalled.stream().mapToInt(Integer::intValue).sum() / (12 * 4.0), within(1e-9));
  }

  @Test
  void winobiasIsWhichOccupationIsLikelier() throws IOException {
    data("winobias.jsonl", "mathemakitten/winobias_stereotype_test/default/test.jsonl");
    data("winobias.jsonl", "mathemakitten/winobias_antistereotype_test/default/test.jsonl");

    Execution score = score(Suites.pythiaTasks(), "winobias", "--log-samples");

    assertThat(score.status()).as(score.err()).isZero();
    List<JsonNode> samples =
        written("samples_winobias_stereotype").lines().map(RecordingGateway::json).toList();
    List<JsonNode> likelihoods = expected("winobias").valueStream().toList();
    assertThat(samples).hasSameSizeAs(likelihoods);
    int right = 0;
    for (int i = 0; i < samples.size(); i++) {
      double first = likelihoods.get(i).path(0).asDouble();
      double second = likelihoods.get(i).path(1).asDouble();
      JsonNode found = samples.get(i).path("filtered_resps");
      assertThat(found.path(0).path(0).asDouble()).isCloseTo(first, within(1e-3));
      assertThat(found.path(1).path(0).asDouble()).isCloseTo(second, within(1e-3));
      right +=
          samples.get(i).path("doc").path("target").asInt() == (first >= second ? 0 : 1) ? 1 : 0;
    }
    assertThat(results("winobias").path("acc,none").asDouble())
        .isEqualTo((double) right / samples.size(), within(1e-9));
  }
}
