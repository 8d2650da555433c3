package dev.castalia.scoring.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.scoring.NanoSuite;
import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.model.Model;
import dev.castalia.scoring.model.ModelOptions;
import dev.castalia.scoring.model.Progress;
import dev.castalia.scoring.task.Task;
import dev.castalia.scoring.tokens.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskScorerTest {

  private static final Map<String, Task> TASKS = NanoSuite.tasks(NanoSuite.bundled());

  private static Tokenizer tokenizer;
  private static Model model;

  @BeforeAll
  static void open() {
    tokenizer = Tokenizer.load(NanoSuite.bundled());
    model = Model.open(Checkpoint.open(NanoSuite.bundledCheckpoint()), ModelOptions.DEFAULT);
  }

  @AfterAll
  static void close() {
    model.close();
    tokenizer.close();
  }

  @Test
  void slicesTogetherScoreAsTheWhole() {
    for (String name : List.of("nano_sum", "nano_text", "nano_memorization", "nano_recall")) {
      EncodedTask task = encoded(name);
      SliceScores whole = score(task, 0, 60);
      SliceScores first = score(task, 0, 23);
      SliceScores rest = score(task, 23, 60);

      for (int i = 0; i < whole.metrics().size(); i++) {
        assertThat(whole.metrics().get(i).values())
            .as(name)
            .containsExactly(
                joined(first.metrics().get(i).values(), rest.metrics().get(i).values()),
                within(1e-3));
        assertThat(whole.metrics().get(i).weights())
            .containsExactly(
                joined(first.metrics().get(i).weights(), rest.metrics().get(i).weights()));
      }
    }
  }

  @Test
  void aSlicePastTheTaskIsRefused() {
    EncodedTask task = encoded("nano_memorization");

    assertThat(task.documents()).isEqualTo(132);
    assertThatThrownBy(() -> score(task, 100, 150))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("documents 100 to 150 were asked for")
        .hasMessageContaining("there are 132");
  }

  @Test
  void documentsThatAreLeftOutKeepTheOthersNumbers() {
    EncodedTask task = encoded("nano_memorization");

    List<Observation> observations = score(task, 0, task.documents()).observations();

    assertThat(observations).extracting(Observation::document).isSorted().doesNotHaveDuplicates();
    assertThat(observations.getLast().document()).isGreaterThan(131);
  }

  /** loglikelihood_rolling of lm_eval 0.4.13's HFLM for the same checkpoint and tokenizer. */
  @Test
  void aTextComesAfterTheTokenThatTheTokenizerNames(@TempDir Path folder) throws IOException {
    Files.copy(NanoSuite.bundled().resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"tokenizer_class\": \"PreTrainedTokenizerFast\", \"bos_token\": \"A\"}");
    EncodedTask named;
    try (Tokenizer other = Tokenizer.load(folder)) {
      named = EncodedTask.of(TASKS.get("nano_text"), other, 0);
    }

    assertThat(score(encoded("nano_text"), 0, 2).metrics().getFirst().values())
        .containsExactly(new double[] {-35.309723, -48.592194}, within(1e-4));
    assertThat(score(named, 0, 2).metrics().getFirst().values())
        .containsExactly(new double[] {-38.047112, -52.060024}, within(1e-4));
  }

  @Test
  void slicesAreAboutFiftyThousandTokens() {
    assertThat(encoded("nano_sum").sliceDocuments()).isEqualTo(200);
    assertThat(encoded("nano_text").meanTokens()).isBetween(45.0, 46.0);
  }

  @Test
  void slicesAreLargerWhereThereWouldBeTooMany() {
    assertThat(EncodedTask.sliceDocuments(1_000_000, 2000)).isEqualTo(100);
  }

  private static EncodedTask encoded(String name) {
    Task task = TASKS.get(name);
    return EncodedTask.of(task, tokenizer, task.shots(OptionalInt.empty()));
  }

  private static SliceScores score(EncodedTask task, int start, int end) {
    return new TaskScorer(model).score(task, start, end, Progress.NONE);
  }

  private static double[] joined(double[] a, double[] b) {
    return DoubleStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
  }
}
