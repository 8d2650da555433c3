package dev.castalia.scoring.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.events.Aggregation;
import dev.castalia.scoring.NanoSuite;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.metric.StandardError;
import dev.castalia.scoring.model.Model;
import dev.castalia.scoring.model.ModelOptions;
import dev.castalia.scoring.model.Progress;
import dev.castalia.scoring.task.Task;
import dev.castalia.scoring.tokens.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Scores a suite's checkpoints and compares with what an independent implementation measured. */
final class References implements AutoCloseable {

  private static final double CLOSE = 1e-4;

  private final Path suite;
  private final List<EncodedTask> tasks;
  private final Tokenizer tokenizer;

  References(Path suite) {
    this.suite = suite;
    this.tokenizer = Tokenizer.load(suite);
    this.tasks =
        NanoSuite.tasks(suite).values().stream()
            .map(task -> EncodedTask.of(task, tokenizer, task.shots(OptionalInt.empty())))
            .toList();
  }

  /** {@code model/step}, of all that have a reference. */
  List<String> checkpoints() throws IOException {
    try (Stream<Path> files = Files.walk(suite.resolve("reference"))) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .map(file -> suite.resolve("reference").relativize(file).toString())
          .map(name -> name.substring(0, name.length() - ".json".length()))
          .sorted()
          .toList();
    }
  }

  void assertEqual(String name) throws IOException {
    JsonNode reference =
        new ObjectMapper().readTree(suite.resolve("reference/" + name + ".json").toFile());
    assertThat(reference).hasSize(tasks.size());
    Checkpoint checkpoint = Checkpoint.open(suite.resolve("checkpoints").resolve(name));
    try (Model model = Model.open(checkpoint, ModelOptions.DEFAULT)) {
      TaskScorer scorer = new TaskScorer(model);
      for (EncodedTask task : tasks) {
        assertEqual(name, task, scorer, reference.path(task.task().name()));
      }
    }
  }

  private static void assertEqual(
      String name, EncodedTask documents, TaskScorer scorer, JsonNode reference) {
    Task task = documents.task();
    assertThat(documents.documents())
        .as("%s %s documents", name, task.name())
        .isEqualTo(reference.path("n").asInt());
    SliceScores scores = scorer.score(documents, 0, documents.documents(), Progress.NONE);
    assertThat(scores.metrics()).hasSize(reference.size() - 1);
    for (MetricValues values : scores.metrics()) {
      JsonNode expected = reference.path(values.metric().name());
      double value = expected.path("value").asDouble();
      assertThat(values.value())
          .as("%s %s %s", name, task.name(), values.metric().name())
          .isCloseTo(value, within(tolerance(values, value, scores.documents())));
      if (values.metric().aggregation() == Aggregation.MEAN) {
        assertThat(StandardError.of(Aggregation.MEAN, values.values(), new double[0]).orElseThrow())
            .as("%s %s %s standard error", name, task.name(), values.metric().name())
            .isCloseTo(expected.path("stderr").asDouble(), within(1.0 / scores.documents()));
      }
    }
  }

  /** One document's worth for shares; relative for perplexities, which reach 10¹⁵. */
  private static double tolerance(MetricValues values, double value, int documents) {
    return switch (values.metric().metric()) {
      case BITS_PER_BYTE, LIKELIHOOD_DIFF -> CLOSE;
      case PERPLEXITY, WORD_PERPLEXITY, BYTE_PERPLEXITY -> CLOSE * value;
      default -> 1.0 / documents + 1e-12;
    };
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
