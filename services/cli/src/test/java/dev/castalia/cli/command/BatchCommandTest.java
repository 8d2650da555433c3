package dev.castalia.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.castalia.cli.Execution;
import dev.castalia.cli.RecordingGateway;
import dev.castalia.cli.Suites;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The training set was written, and its batches were cut, by {@code pythia/expected.py}. */
class BatchCommandTest {

  private static Execution batch(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "batch",
                "--data",
                Suites.pythiaData().resolve("document").toString(),
                "--batch-size=4"));
    arguments.addAll(List.of(more));
    return Execution.of(arguments.toArray(String[]::new));
  }

  @Test
  void theSequencesOfAStepAreThoseOfItsBatch() throws IOException {
    Execution batch = batch("--step=1", "--sequence-length=40", "--json");

    assertThat(batch.status()).as(batch.err()).isZero();
    List<JsonNode> lines = batch.outLines().stream().map(RecordingGateway::json).toList();
    assertThat(lines).extracting(line -> line.path("index").asInt()).containsExactly(4, 5, 6, 7);
    JsonNode expected =
        RecordingGateway.json(Files.readString(Suites.pythiaData().resolve("expected.json")));
    assertThat(lines)
        .extracting(line -> line.path("tokens"))
        .containsExactlyElementsOf(expected.path("step1").valueStream().toList());
  }

  @Test
  void withATokenizerTheirTextIsShown() {
    Execution batch =
        batch(
            "--step=0",
            "--limit=1",
            "--sequence-length=40",
            "--tokenizer=" + Suites.bundled().resolve("tokenizer.json"));

    assertThat(batch.outLines()).hasSize(2).first().isEqualTo("sequence 0");
    // The first line of the suite's data/nano_memorization.jsonl.
    assertThat(batch.outLines().getLast())
        .startsWith("Sam put the map in the box. He walked to the castle.");
  }

  @Test
  void aStepThatIsNotThereIsNamedWithThoseThatAre() {
    Execution batch = batch("--step=3", "--sequence-length=40");

    assertThat(batch.status()).isEqualTo(1);
    assertThat(batch.errLines())
        .singleElement()
        .asString()
        .contains("step 3 is not there", "12 sequences", "steps 0 to 2 of 4 each");
  }

  @Test
  void dataWithoutAWholeStepIsNamedWithItsSize() {
    Execution batch =
        Execution.of(
            "batch", "--data", Suites.pythiaData().resolve("document").toString(), "--step=0");

    assertThat(batch.status()).isEqualTo(1);
    assertThat(batch.errLines())
        .singleElement()
        .asString()
        .endsWith("has 12 sequences, less than a step's 1024: give the right --batch-size");
  }

  @Test
  void sequencesOfAnotherLengthAreRefused() {
    Execution batch = batch("--step=0");

    assertThat(batch.status()).isEqualTo(1);
    assertThat(batch.errLines())
        .singleElement()
        .asString()
        .contains("sequence 0 has 40 tokens, not 2049", "--sequence-length");
  }
}
