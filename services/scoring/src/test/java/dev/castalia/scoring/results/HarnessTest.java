package dev.castalia.scoring.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.scoring.NanoSuite;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.model.Model;
import dev.castalia.scoring.model.ModelOptions;
import dev.castalia.scoring.model.Progress;
import dev.castalia.scoring.score.EncodedTask;
import dev.castalia.scoring.score.Observation;
import dev.castalia.scoring.score.TaskScorer;
import dev.castalia.scoring.task.Task;
import dev.castalia.scoring.task.TaskDefinition;
import dev.castalia.scoring.task.TaskFolder;
import dev.castalia.scoring.task.TaskSelection;
import dev.castalia.scoring.task.data.DataPath;
import dev.castalia.scoring.tokens.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bundled checkpoint's scores, as lm-evaluation-harness 0.4.13 found them: choices, greedy
 * continuations, texts, examples, bootstrapped errors, and groups of two kinds.
 */
class HarnessTest {

  private static final double EQUAL = 1e-5;

  @TempDir private static Path tasks;

  private static JsonNode golden;
  private static Results results;

  @BeforeAll
  static void score() throws IOException {
    golden = new ObjectMapper().readTree(HarnessTest.class.getResource("/golden/harness.json"));
    copy(NanoSuite.bundled().resolve("tasks"));
    copy(NanoSuite.bundled().resolveSibling("golden/tasks"));
    TaskSelection selection =
        TaskFolder.open(tasks)
            .select(List.of("nano_skills", "nano_few", "nano_text", "nano_recall", "nano_ko_text"));
    List<TaskResult> scored = new ArrayList<>();
    try (Tokenizer tokenizer = Tokenizer.load(NanoSuite.bundled());
        Model model =
            Model.open(Checkpoint.open(NanoSuite.bundledCheckpoint()), ModelOptions.DEFAULT)) {
      TaskScorer scorer = new TaskScorer(model);
      for (TaskDefinition definition : selection.tasks()) {
        Task task = definition.load(DataPath.NONE);
        EncodedTask encoded = EncodedTask.of(task, tokenizer, task.shots(OptionalInt.empty()));
        scored.add(
            new TaskResult(
                encoded,
                scorer.score(encoded, 0, encoded.documents(), Progress.NONE),
                Duration.ofSeconds(2)));
      }
    }
    results =
        new Results(
            "nano",
            "",
            ModelOptions.DEFAULT,
            LocalDateTime.of(2026, 1, 2, 12, 0),
            Duration.ZERO,
            Duration.ZERO,
            scored,
            selection.allGroups());
  }

  private static void copy(Path from) throws IOException {
    try (var inside = Files.walk(from)) {
      for (Path file : inside.filter(Files::isRegularFile).toList()) {
        Path to = tasks.resolve(from.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
  }

  @Test
  void everyMetricAndErrorIsTheHarnesss() {
    Map<?, ?> found = (Map<?, ?>) results.content().map().get("results");
    golden
        .get("results")
        .properties()
        .forEach(
            task ->
                task.getValue()
                    .properties()
                    .forEach(
                        metric -> {
                          Object value =
                              ((Map<?, ?>) found.get(task.getKey())).get(metric.getKey());
                          assertEqual(
                              task.getKey() + ": " + metric.getKey(), metric.getValue(), value);
                        }));
  }

  @Test
  void everyLogLikelihoodIsTheHarnesss() {
    for (TaskResult result : results.tasks()) {
      String name = result.task().task().name();
      JsonNode expected = golden.get("likelihoods").get(name);
      List<Double> found =
          result.scores().observations().stream()
              .flatMap(seen -> seen.responses().stream())
              .map(Observation.Response::logLikelihood)
              .toList();
      assertThat(found).as(name).hasSize(expected.size());
      for (int i = 0; i < found.size(); i++) {
        assertEqual(name + ": request " + i, expected.get(i), found.get(i));
      }
    }
  }

  private static void assertEqual(String what, JsonNode expected, Object found) {
    if (expected.isNumber()) {
      double number = expected.asDouble();
      assertThat(((Number) found).doubleValue())
          .as(what)
          .isCloseTo(number, within(EQUAL * Math.max(1e-3, Math.abs(number))));
    } else {
      assertThat(found).as(what).isEqualTo(expected.asText());
    }
  }
}
