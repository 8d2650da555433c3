package dev.castalia.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.cli.Execution;
import dev.castalia.cli.RecordingGateway;
import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExportCommandTest {

  private final RecordingGateway gateway = new RecordingGateway();

  @TempDir private Path folder;

  @BeforeEach
  void scores() {
    gateway.answers(
        "GET /trajectories",
        """
        {"total": 1, "trajectories": [
          {"model": "pythia-70m", "task": "piqa", "version": "0", "metric": {"metric": "acc",
           "direction": "HIGHER", "chance": 0.5}, "shots": 0, "dtype": "", "source": "a, \\"b\\"",
           "points": [{"revision": "step8", "step": 8, "tokensSeen": 9, "value": 0.52,
             "stderr": null, "documents": 50, "ofDocuments": 1838}]}]}
        """);
    gateway.answers("GET /runs", "{\"runs\": []}");
    gateway.answers("GET /findings", "{\"findings\": [], \"total\": 0}");
    gateway.answers(
        "GET /findings/pending",
        "{\"scores\": 0, \"events\": 0, \"changes\": 0, \"complete\": true}");
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void tablesAreCommaSeparatedWithQuotesWhereNeeded() throws IOException {
    Execution export = Execution.against(gateway, "export", folder.toString());

    assertThat(export.status()).isZero();
    assertThat(Files.readString(folder.resolve("scorecards.csv")))
        .isEqualTo(
            "model,revision,step,task,version,shots,dtype,source,metric,value,not_finite,stderr,documents,of_documents\r\n"
                + "pythia-70m,step8,8,piqa,0,0,,\"a, \"\"b\"\"\",acc,0.52,,,50,1838\r\n");
    assertThat(folder.resolve("trajectories.csv")).exists();
    assertThat(folder.resolve("findings.csv")).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"=1+1", "@a", "+1", "-1"})
  void aSpreadsheetComputesNothingOfATable(String model) throws IOException {
    scoresOf(model);

    Execution.against(gateway, "export", folder.toString());

    assertThat(Files.readAllLines(folder.resolve("scorecards.csv")).getLast())
        .startsWith("'" + model + ",step8,");
  }

  @Test
  void minusInfinityIsNoFormula() throws IOException {
    brokenScores("-Infinity");

    Execution.against(gateway, "export", folder.toString());

    assertThat(Files.readString(folder.resolve("scorecards.csv"))).contains(",acc,,-Infinity,");
  }

  /** Read by another library than wrote it. */
  @Test
  void parquetHasTheSameColumnsWithTheirTypes() throws IOException {
    Execution export = Execution.against(gateway, "export", folder.toString(), "--format=parquet");

    assertThat(export.err()).isEmpty();
    assertThat(export.status()).isZero();
    try (ParquetFileReader reader =
            ParquetFileReader.open(InputFile.of(folder.resolve("scorecards.parquet")));
        RowReader rows = reader.rowReader()) {
      rows.next();
      assertThat(rows.getString("model")).isEqualTo("pythia-70m");
      assertThat(rows.getLong("step")).isEqualTo(8);
      assertThat(rows.getString("source")).isEqualTo("a, \"b\"");
      assertThat(rows.getDouble("value")).isEqualTo(0.52);
      assertThat(rows.isNull("stderr")).isTrue();
      assertThat(rows.getInt("documents")).isEqualTo(50);
      assertThat(rows.getInt("of_documents")).isEqualTo(1838);
      assertThat(rows.hasNext()).isFalse();
    }
    try (ParquetFileReader reader =
            ParquetFileReader.open(InputFile.of(folder.resolve("trajectories.parquet")));
        RowReader rows = reader.rowReader()) {
      rows.next();
      assertThat(rows.getLong("tokens_seen")).isEqualTo(9);
      assertThat(rows.getInt("of_documents")).isEqualTo(1838);
    }
    assertThat(folder.resolve("findings.parquet")).exists();
  }

  @Test
  void theHarnessFilesAreReadAgainByTheImport() throws IOException {
    Execution.against(gateway, "export", folder.toString(), "--format=lm-eval");
    gateway.answers("POST /reported-scores", "{\"created\": 0, \"updated\": 0, \"unchanged\": 1}");

    Execution imported =
        Execution.against(gateway, "import", "lm-eval", folder.toString(), "--source=again");

    assertThat(imported.status()).isZero();
    var report = gateway.asked().getLast().json().path(0);
    assertThat(report.at("/checkpoint/model").asText()).isEqualTo("pythia-70m");
    assertThat(report.at("/checkpoint/step").asLong()).isEqualTo(8);
    assertThat(report.at("/tasks/0/documents").asInt()).isEqualTo(50);
    assertThat(report.at("/tasks/0/metrics/0/metric/metric").asText()).isEqualTo("acc");
    assertThat(report.at("/tasks/0/metrics/0/value").asDouble()).isEqualTo(0.52);
    assertThat(report.at("/tasks/0/metrics/0/stderr").isNull()).isTrue();
  }

  @Test
  void aHarnessFileTellsHowManyOfATasksDocumentsAreScored() throws IOException {
    scoresOf("my-run");

    Execution.against(gateway, "export", folder.toString(), "--format=lm-eval");

    var samples =
        RecordingGateway.json(Files.readString(folder.resolve("my-run/results_step8_0shot.json")))
            .at("/n-samples/piqa");
    assertThat(samples.path("original").asInt()).isEqualTo(1838);
    assertThat(samples.path("effective").asInt()).isEqualTo(50);
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "parquet"})
  void aTableTellsWhatAValueIsThatIsNotFinite(String format) throws IOException {
    brokenScores("NaN");

    Execution.against(gateway, "export", folder.toString(), "--format=" + format);

    if (format.equals("csv")) {
      assertThat(Files.readString(folder.resolve("scorecards.csv"))).contains(",acc,,NaN,,1838");
      assertThat(Files.readString(folder.resolve("trajectories.csv"))).contains(",8,9,,NaN,,1838");
    } else {
      for (String table : List.of("scorecards.parquet", "trajectories.parquet")) {
        try (ParquetFileReader reader =
                ParquetFileReader.open(InputFile.of(folder.resolve(table)));
            RowReader rows = reader.rowReader()) {
          rows.next();
          assertThat(rows.isNull("value")).isTrue();
          assertThat(rows.getString("not_finite")).isEqualTo("NaN");
        }
      }
    }
  }

  @Test
  void aHarnessFileHasNullForWhatIsNotFiniteAndTheImportReadsItSo() throws IOException {
    brokenScores("NaN");
    gateway.answers("POST /reported-scores", "{\"created\": 0, \"updated\": 0, \"unchanged\": 1}");

    Execution.against(gateway, "export", folder.toString(), "--format=lm-eval");
    Execution imported =
        Execution.against(gateway, "import", "lm-eval", folder.toString(), "--source=again");

    var file =
        RecordingGateway.json(
            Files.readString(folder.resolve("pythia-70m/results_step8_0shot.json")));
    assertThat(file.at("/results/piqa/acc,none").isNull()).isTrue();
    assertThat(imported.status()).isZero();
    var metric = gateway.asked().getLast().json().at("/0/tasks/0/metrics/0");
    assertThat(metric.path("value").isNull()).isTrue();
    assertThat(metric.path("notFinite").asText()).isEqualTo("NaN");
  }

  @Test
  void theHarnessFilesTellOfARunWhatItsNameDoesNot() {
    gateway
        .forgets("GET /runs")
        .answers(
            "GET /runs",
            """
            {"runs": [{"model": "my-run", "parameters": 74368, "variant": "deduped", "seed": 7,
              "language": "ko", "parent": "base@step64", "learningRate": 0.001}]}
            """);
    scoresOf("my-run");
    Execution.against(gateway, "export", folder.toString(), "--format=lm-eval");
    gateway.answers("POST /reported-scores", "{\"created\": 0, \"updated\": 0, \"unchanged\": 1}");

    Execution imported =
        Execution.against(gateway, "import", "lm-eval", folder.toString(), "--source=again");

    assertThat(imported.status()).isZero();
    var checkpoint = gateway.asked().getLast().json().at("/0/checkpoint");
    assertThat(checkpoint.path("parameters").asLong()).isEqualTo(74368);
    assertThat(checkpoint.path("variant").asText()).isEqualTo("deduped");
    assertThat(checkpoint.path("seed").asLong()).isEqualTo(7);
    assertThat(checkpoint.path("language").asText()).isEqualTo("ko");
    assertThat(checkpoint.path("parent").asText()).isEqualTo("base@step64");
    assertThat(checkpoint.path("learningRate").asDouble()).isEqualTo(0.001);
  }

  @ParameterizedTest
  @CsvSource({
    "my-run, final, 5000",
    "me/pythia-160m-korean, step1000, 1000",
    "pythia-70m, main, 8"
  })
  void theImportReadsOfWhichModelRevisionAndStepAHarnessFileIs(
      String model, String revision, long step) {
    gateway
        .forgets("GET /runs")
        .answers(
            "GET /runs",
            "{\"runs\": [{\"model\": \"%s\", \"parameters\": 9, \"variant\": \"standard\"}]}"
                .formatted(model))
        .forgets("GET /trajectories")
        .answers(
            "GET /trajectories",
            """
            {"total": 1, "trajectories": [
              {"model": "%s", "task": "piqa", "version": "0", "metric": {"metric": "acc",
               "direction": "HIGHER", "chance": 0.5}, "shots": 0, "dtype": "float32",
               "points": [{"revision": "%s", "step": %d, "tokensSeen": 9, "value": 0.52,
                 "stderr": null, "documents": 1838}]}]}
            """
                .formatted(model, revision, step))
        .answers("POST /reported-scores", "{\"created\": 0, \"updated\": 0, \"unchanged\": 1}");
    Execution.against(gateway, "export", folder.toString(), "--format=lm-eval");

    Execution imported =
        Execution.against(gateway, "import", "lm-eval", folder.toString(), "--source=again");

    assertThat(imported.err()).doesNotContain("castalia:");
    var checkpoint = gateway.asked().getLast().json().at("/0/checkpoint");
    assertThat(checkpoint.path("model").asText()).isEqualTo(model);
    assertThat(checkpoint.path("revision").asText()).isEqualTo(revision);
    assertThat(checkpoint.path("step").asLong()).isEqualTo(step);
  }

  @Test
  void findingsAreOfTheModelsTasksAndSourcesThatWereAskedFor() throws IOException {
    String finding =
        """
        {"finding": "%s", "kind": "k", "subject": "s", "verdict": "v", "task": "piqa",
         "metric": "acc", "shots": 0, "dtype": "float32", "source": %s, "models": ["pythia-70m"],
         "evidence": [], "expected": 1, "method": "m"}
        """;
    gateway
        .forgets("GET /findings")
        .answers(
            "GET /findings",
            "{\"findings\": [%s, %s], \"total\": 2}"
                .formatted(
                    finding.formatted("own", "null"), finding.formatted("other", "\"paper\"")));

    Execution.against(
        gateway, "export", folder.toString(), "--model=p*", "--task=piqa", "--source=x,castalia");

    assertThat(Files.readAllLines(folder.resolve("findings.csv")))
        .satisfiesExactly(
            head -> assertThat(head).contains(",shots,dtype,source,"),
            row -> assertThat(row).startsWith("own,").contains(",0,float32,,"));
    assertThat(gateway.asked())
        .extracting(RecordingGateway.Asked::pathAndQuery)
        .anySatisfy(
            asked ->
                assertThat(asked)
                    .startsWith("/api/v1/findings?")
                    .contains("model=p*", "task=piqa")
                    .doesNotContain("source"));
  }

  @ParameterizedTest
  @CsvSource({"run-한국어-v1, run-日本語-v1", "a/b, a__b", "My-Run, my-run"})
  void noTwoModelsShareAHarnessFile(String one, String other) throws IOException {
    scoresOf(one, other);

    Execution export = Execution.against(gateway, "export", folder.toString(), "--format=lm-eval");

    assertThat(export.out()).contains("2 files");
    assertThat(modelsOfFiles()).containsExactlyInAnyOrder(one, other);
    // Not even where file systems do not tell case apart.
    assertThat(files())
        .extracting(it -> it.toString().toLowerCase(Locale.ROOT))
        .doesNotHaveDuplicates();
  }

  @Test
  void anUnknownFormatIsWrongUsage() {
    Execution export = Execution.against(gateway, "export", folder.toString(), "--format=xls");

    assertThat(export.status()).isEqualTo(2);
    assertThat(export.errLines().getFirst()).contains("give csv, parquet or lm-eval");
  }

  @Test
  void whatTheFindingsDoNotHoldYetIsSaidAndTheRestIsWritten() {
    gateway
        .forgets("GET /findings/pending")
        .answers(
            "GET /findings/pending",
            "{\"scores\": 12, \"events\": 3, \"changes\": 4, \"complete\": false}");

    Execution export = Execution.against(gateway, "export", folder.toString(), "--wait=0");

    assertThat(export.err()).contains("12 scores and 7 changes are to come");
    assertThat(folder.resolve("findings.csv")).exists();
  }

  @Test
  void aHarnessFileHasNoFindingsToWaitFor() {
    gateway.forgets("GET /findings/pending");

    assertThat(Execution.against(gateway, "export", folder.toString(), "--format=lm-eval").status())
        .isZero();
  }

  private void brokenScores(String value) {
    gateway
        .forgets("GET /trajectories")
        .answers(
            "GET /trajectories",
            """
            {"total": 1, "trajectories": [
              {"model": "pythia-70m", "task": "piqa", "version": "0", "metric": {"metric": "acc",
               "direction": "HIGHER", "chance": 0.5}, "shots": 0, "dtype": "float32",
               "points": [{"revision": "step8", "step": 8, "tokensSeen": 9, "value": null,
                 "notFinite": "%s", "stderr": null, "documents": 1838}]}]}
            """
                .formatted(value));
  }

  private void scoresOf(String... models) {
    String line =
        """
        {"model": "%s", "task": "piqa", "version": "0", "metric": {"metric": "acc",
         "direction": "HIGHER", "chance": 0.5}, "shots": 0, "dtype": "float32",
         "points": [{"revision": "step8", "step": 8, "tokensSeen": 9, "value": 0.52,
           "stderr": null, "documents": 50, "ofDocuments": 1838}]}
        """;
    gateway
        .forgets("GET /trajectories")
        .answers(
            "GET /trajectories",
            Stream.of(models)
                .map(line::formatted)
                .collect(
                    Collectors.joining(
                        ",", "{\"total\": " + models.length + ", \"trajectories\": [", "]}")));
  }

  private List<String> modelsOfFiles() throws IOException {
    List<String> models = new ArrayList<>();
    for (Path file : files()) {
      models.add(RecordingGateway.json(Files.readString(file)).path("model_name").asText());
    }
    return models;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
