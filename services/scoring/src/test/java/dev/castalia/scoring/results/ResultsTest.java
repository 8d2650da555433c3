package dev.castalia.scoring.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.scoring.NanoSuite;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.model.Model;
import dev.castalia.scoring.model.ModelOptions;
import dev.castalia.scoring.model.Progress;
import dev.castalia.scoring.score.EncodedTask;
import dev.castalia.scoring.score.TaskScorer;
import dev.castalia.scoring.task.Task;
import dev.castalia.scoring.tokens.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {

  private static final LocalDateTime NOON = LocalDateTime.of(2026, 1, 2, 12, 0);

  private static List<TaskResult> scored;

  @TempDir private Path output;

  @BeforeAll
  static void score() {
    try (Tokenizer tokenizer = Tokenizer.load(NanoSuite.bundled());
        Model model =
            Model.open(Checkpoint.open(NanoSuite.bundledCheckpoint()), ModelOptions.DEFAULT)) {
      TaskScorer scorer = new TaskScorer(model);
      scored =
          NanoSuite.tasks(NanoSuite.bundled()).values().stream()
              .map(task -> result(scorer, task, tokenizer))
              .toList();
    }
  }

  private static TaskResult result(TaskScorer scorer, Task task, Tokenizer tokenizer) {
    EncodedTask encoded = EncodedTask.of(task, tokenizer, task.shots(OptionalInt.empty()));
    return new TaskResult(
        encoded, scorer.score(encoded, 0, 10, Progress.NONE), Duration.ofSeconds(2));
  }

  private Path write(boolean logSamples) throws IOException {
    Results results = results();
    return results.write(results.content(), output, logSamples);
  }

  @Test
  void resultsAreInTheHarnesssForm() throws IOException {
    Path file = write(false);

    assertThat(output.relativize(file))
        .hasToString("__models__nano-74k@step512/results_2026-01-02T12-00-01.500000.json");
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    JsonNode agreement = json.path("results").path("nano_agreement");
    assertThat(agreement.path("alias").asText()).isEqualTo("nano_agreement");
    assertThat(agreement.path("acc,none").asDouble()).isEqualTo(1);
    assertThat(agreement.path("acc_stderr,none").asDouble()).isZero();
    assertThat(agreement.path("acc_norm,none").asDouble()).isEqualTo(1);
    JsonNode text = json.path("results").path("nano_text");
    assertThat(text.path("bits_per_byte,none").asDouble()).isPositive();
    assertThat(text.path("bits_per_byte_stderr,none").asText()).isEqualTo("N/A");
    assertThat(json.path("results").path("nano_recall").path("perplexity_stderr,none").isDouble())
        .isTrue();
    assertThat(json.path("n-shot").path("nano_sum").asInt()).isEqualTo(3);
    assertThat(json.path("versions").path("nano_sum").asDouble()).isEqualTo(1.0);
    assertThat(json.path("n-samples").path("nano_memorization").path("original").asInt())
        .isEqualTo(132);
    assertThat(json.path("n-samples").path("nano_memorization").path("effective").asInt())
        .isEqualTo(10);
    assertThat(json.path("higher_is_better").path("nano_sum").path("acc").asBoolean()).isTrue();
    assertThat(json.path("configs").path("nano_sum").path("fewshot_delimiter").asText())
        .isEqualTo(" ");
    assertThat(json.path("config").path("model_args").asText())
        .isEqualTo("pretrained=/models/nano-74k@step512");
    assertThat(json.path("config").path("model_sha256").asText()).isEqualTo("f1");
  }

  @Test
  void samplesAreOneLineADocument() throws IOException {
    write(true);

    Path folder = output.resolve("__models__nano-74k@step512");
    List<String> lines =
        Files.readAllLines(folder.resolve("samples_nano_sum_2026-01-02T12-00-01.500000.jsonl"));
    assertThat(lines).hasSize(10);
    JsonNode sample = new ObjectMapper().readTree(lines.getFirst());
    assertThat(sample.path("doc_id").asInt()).isZero();
    assertThat(sample.path("doc").path("question").asText()).isEqualTo("Three plus two is");
    assertThat(sample.path("target").asText()).isEqualTo("0");
    assertThat(sample.path("arguments").path("gen_args_0").path("arg_1").asText())
        .isEqualTo(" five.");
    assertThat(sample.path("resps")).hasSize(4);
    assertThat(sample.path("filtered_resps").get(0).get(1).asText()).isIn("True", "False");
    assertThat(sample.path("acc").asDouble()).isIn(0.0, 1.0);
    // Python: sha256(json.dumps(doc, indent=2, ensure_ascii=False).encode()).hexdigest()
    assertThat(sample.path("doc_hash").asText())
        .isEqualTo("3ee8c268107b7192534187b3b84d01515f8ecb70d38c531b425ec993dc303ed9");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .hasSize(9)
          .noneMatch(name -> name.endsWith(".partial"));
    }
  }

  @Test
  void resultsAreWrittenWhereSamplesCannotBe() throws IOException {
    Path folder = output.resolve("__models__nano-74k@step512");
    String first = scored.getFirst().task().task().name();
    Files.createDirectories(
        folder.resolve("samples_%s_2026-01-02T12-00-01.500000.jsonl/full".formatted(first)));

    assertThatThrownBy(() -> write(true)).isInstanceOf(IOException.class);

    assertThat(folder.resolve("results_2026-01-02T12-00-01.500000.json")).exists();
  }

  private static Results results() {
    return new Results(
        "/models/nano-74k@step512",
        "f1",
        ModelOptions.DEFAULT,
        NOON,
        Duration.ofMillis(500),
        Duration.ofMillis(1500),
        scored,
        List.of());
  }
}
