package dev.castalia.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.castalia.cli.CastaliaCommand;
import dev.castalia.cli.Execution;
import dev.castalia.cli.RecordingGateway;
import dev.castalia.cli.Suites;
import dev.castalia.cli.text.Screen;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class ScoreCommandTest {

  @TempDir private Path output;

  private Execution score(Path tasks, String... more) {
    return Execution.of(arguments(tasks, more));
  }

  private String[] arguments(Path tasks, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "score",
                "--model",
                Suites.bundled().resolve("checkpoints/nano-74k/step512").toString(),
                "--task-path",
                tasks.toString(),
                "--output",
                output.toString()));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private Execution score(String... more) {
    return score(Suites.bundled().resolve("tasks"), more);
  }

  private List<Path> written(String name) throws IOException {
    try (Stream<Path> files = Files.walk(output)) {
      return files.filter(file -> file.getFileName().toString().startsWith(name)).toList();
    }
  }

  @Test
  void resultsAreWrittenAsTheHarnessWritesThem() throws IOException {
    Execution score = score("--tasks=nano_sum,nano_recall");

    assertThat(score.status()).as(score.err()).isZero();
    JsonNode results =
        RecordingGateway.json(Files.readString(written("results_").getFirst())).path("results");
    // From the suite's reference/nano-74k/step512.json, computed with PyTorch.
    assertThat(results.path("nano_sum").path("acc,none").asDouble()).isEqualTo(0.46, within(1e-9));
    assertThat(results.path("nano_recall").path("perplexity,none").asDouble())
        .isEqualTo(10.171773315113564, within(1e-2));
  }

  @Test
  void aTableAndTheFileArePrintedAndProgressGoesToTheErrorOutput() {
    Execution score = score("--tasks=nano_sum");

    assertThat(score.outLines())
        .contains(
            "task      shots  documents  metric  value",
            "nano_sum      3        200  acc     0.4600 ± 0.0353")
        .last()
        .asString()
        .startsWith("written to " + output);
    assertThat(score.errLines()).last().asString().matches("scoring: (\\d+)/\\1 tokens, 100 %");
  }

  @Test
  void anOutputThatCannotBeWrittenIsToldBeforeAnythingIsScored() throws IOException {
    Path file = Files.writeString(output.resolve("file"), "");
    output = file;

    Execution score = score("--tasks=nano_sum");

    assertThat(score.status()).isEqualTo(1);
    assertThat(score.errLines())
        .singleElement()
        .asString()
        .startsWith("castalia: " + file + ": cannot be written");
  }

  @Test
  void whatWasScoredIsShownEvenWhereItCannotBeWritten() throws IOException {
    score("--tasks=nano_sum");
    Path results = written("results_").getFirst().getParent();
    for (Path file : written("results_")) {
      Files.delete(file);
    }
    Files.delete(results);
    Files.writeString(results, "in the way");

    Execution score = score("--tasks=nano_sum");

    assertThat(score.status()).isEqualTo(1);
    assertThat(score.outLines()).contains("nano_sum      3        200  acc     0.4600 ± 0.0353");
    assertThat(score.err()).contains("castalia: " + output + ": cannot be written");
  }

  @Test
  void whatIsShownIsWritten() throws IOException {
    List<Boolean> written = new ArrayList<>();
    Writer reader =
        new StringWriter() {
          @Override
          public void write(String text, int from, int length) {
            try {
              written.add(!written("results_").isEmpty());
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };

    CastaliaCommand.commandLine(
            Screen.NONE, new PrintWriter(reader), new PrintWriter(Writer.nullWriter()))
        .execute(arguments(Suites.bundled().resolve("tasks"), "--tasks=nano_sum"));

    assertThat(written).isNotEmpty().doesNotContain(false);
  }

  @Test
  void severalModelsAreScoredOneAfterAnother() throws IOException {
    String other = Suites.bundled().resolve("checkpoints/nano-74k/step0").toString();

    Execution score = score("--tasks=nano_sum", "--model", other);

    assertThat(score.status()).as(score.err()).isZero();
    assertThat(written("results_"))
        .extracting(file -> file.getParent().getFileName().toString())
        .satisfiesExactlyInAnyOrder(
            folder -> assertThat(folder).endsWith("nano-74k__step0"),
            folder -> assertThat(folder).endsWith("nano-74k__step512"));
  }

  @Test
  void aModelThatIsMissingDoesNotKeepAnotherFromBeingScored() throws IOException {
    Execution score = score("--tasks=nano_sum", "--model", output.resolve("none").toString());

    assertThat(score.status()).isEqualTo(1);
    assertThat(score.err()).contains("none", "1 of 2 tasks could not be scored");
    assertThat(written("results_")).hasSize(1);
  }

  @Test
  void howFastItWentAndOnWhatIsPrinted() {
    Execution score = score("--tasks=nano_sum", "--device=cpu");

    assertThat(score.outLines())
        .anyMatch(line -> line.matches("task +tokens +tokens/s +documents/s"))
        .anyMatch(line -> line.matches("nano_sum +[\\d,]+ +[\\d.]+[kM]? +[\\d.]+[kM]?"))
        .anyMatch(line -> line.matches("in float32 on cpu, loaded in \\d+\\.\\d s"));
  }

  @Test
  void withALimitOnlyTheFirstDocumentsAreScoredAndLogged() throws IOException {
    Execution score = score("--tasks=nano_recall", "--limit=5", "--log-samples");

    assertThat(score.status()).isZero();
    assertThat(Files.readAllLines(written("samples_nano_recall").getFirst())).hasSize(5);
  }

  @Test
  void anUnknownTaskIsNamedWithTheKnownOnes() throws IOException {
    Execution score = score("--tasks=nano_sun");

    assertThat(score.status()).isEqualTo(1);
    assertThat(score.errLines())
        .singleElement()
        .asString()
        .contains("'nano_sun' is unknown", "nano_sum");
    assertThat(written("results_")).isEmpty();
  }

  private Path tasks(String... names) throws IOException {
    Path tasks = Files.createDirectories(output.resolve("tasks/data")).getParent();
    for (String name : names) {
      for (String file : new String[] {name + ".yaml", "data/" + name + ".jsonl"}) {
        Files.copy(Suites.bundled().resolve("tasks").resolve(file), tasks.resolve(file));
      }
    }
    return tasks;
  }

  private static void group(Path tasks, String... members) throws IOException {
    Files.writeString(
        tasks.resolve("all.yaml"),
        "group: all%ntask: %s%naggregate_metric_list: [{metric: acc}]%n"
            .formatted(List.of(members)));
  }

  @Test
  void aGroupsOwnMetricsAreShownBelowItsTasks() throws IOException {
    Path tasks = tasks("nano_sum", "nano_agreement");
    group(tasks, "nano_sum", "nano_agreement");

    Execution score = score(tasks, "--tasks=all", "--limit=10", "--num_fewshot=0");

    assertThat(score.status()).as(score.err()).isZero();
    assertThat(score.outLines())
        .anyMatch(line -> line.matches("all +0 +20  acc +0\\.\\d{4} ± 0\\.\\d{4}"));
  }

  @Test
  void aModelThatIsNeitherAFolderNorARevisionIsRefused() {
    Execution score =
        Execution.of(
            "score",
            "--model=pythia-14m",
            "--task-path=" + Suites.bundled().resolve("tasks"),
            "--tasks=nano_sum",
            "--output=" + output);

    assertThat(score.status()).isEqualTo(1);
    assertThat(score.errLines())
        .containsExactly(
            "castalia: pythia-14m: neither a folder nor MODEL@REVISION, such as"
                + " pythia-70m@step3000");
  }

  @Test
  void dataThatIsMissingIsNamedWithWhereItWasLookedFor() throws IOException {
    Path tasks = Files.createDirectories(output.resolve("tasks"));
    Files.writeString(
        tasks.resolve("far.yaml"),
        """
        task: far
        dataset_path: org/far
        output_type: loglikelihood_rolling
        test_split: test
        doc_to_target: "{{text}}"
        """);
    Path empty = Files.createDirectories(output.resolve("data"));

    assertThat(score(tasks, "--tasks=far").errLines().getFirst())
        .contains("far.yaml: dataset_path", "'org/far'", "--data-path");
    assertThat(score(tasks, "--tasks=far", "--data-path=" + empty).errLines().getFirst())
        .contains("far.yaml: dataset_path", "is in none of [" + empty.resolve("org/far/default"));
    assertThat(score(tasks, "--tasks=far", "--data-path=" + empty + "s").errLines().getFirst())
        .contains(empty + "s is not a folder");
  }

  @Test
  void aTaskThatCannotBeScoredFailsTheCommandButNotTheOthers() throws IOException {
    Path tasks = tasks("nano_sum");
    Files.writeString(
        tasks.resolve("long.yaml"),
        """
        task: long
        dataset_path: json
        dataset_kwargs: {data_files: {test: data/long.jsonl}}
        output_type: memorization
        test_split: test
        doc_to_text: "{{text}}"
        prompt_tokens: 300
        continuation_tokens: 16
        """);
    Files.writeString(
        tasks.resolve("data/long.jsonl"), "{\"text\": \"%s\"}%n".formatted("no ".repeat(900)));

    group(tasks, "long", "nano_sum");

    Execution score = score(tasks, "--tasks=all", "--limit=3");

    assertThat(score.status()).isEqualTo(1);
    assertThat(score.errLines())
        .anyMatch(line -> line.startsWith("castalia: ") && line.contains("context of 256"))
        .last()
        .isEqualTo("castalia: 1 of 2 tasks could not be scored; why is said above");
    assertThat(score.outLines())
        .anyMatch(line -> line.startsWith("nano_sum "))
        .noneMatch(line -> line.startsWith("all "));
    assertThat(written("results_")).hasSize(1);
  }

  @Test
  void aMissingOptionIsWrongUsage() {
    Execution score = Execution.of("score", "--model", output.toString());

    assertThat(score.status()).isEqualTo(2);
    assertThat(score.errLines()).singleElement().asString().contains("--tasks", "--output");
  }
}
