package dev.castalia.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.cli.CommandException;
import dev.castalia.cli.RecordingGateway;
import dev.castalia.cli.gateway.Scorecard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScorecardsFileTest {

  private static final Scorecard CARD =
      new Scorecard(
          "nano-74k",
          "step512",
          512,
          Map.of(
              "nano_agreement",
              new Scorecard.TaskScore(
                  300, Map.of("acc", new Scorecard.Score(0.79, null, null)), null, null, null)));

  @TempDir private Path folder;

  @Test
  void theFileHoldsTheScorecards() throws IOException {
    Path file = folder.resolve("new/out.json");

    ScorecardsFile.write(file, List.of(CARD));

    assertThat(RecordingGateway.json(Files.readString(file)))
        .isEqualTo(
            RecordingGateway.json(
                """
                {"scorecards": [{"model": "nano-74k", "revision": "step512", "step": 512,
                  "tasks": {"nano_agreement": {"documents": 300, "metrics": {
                    "acc": {"value": 0.79, "stderr": null}}}}}]}
                """));
  }

  @Test
  void aFileThatIsThereIsReplacedAndNothingElseIsLeft() throws IOException {
    Path file = Files.writeString(folder.resolve("out.json"), "old");

    ScorecardsFile.write(file, List.of());

    assertThat(folder).isDirectoryContaining("glob:**out.json");
    assertThat(folder.toFile().list()).hasSize(1);
    assertThat(RecordingGateway.json(Files.readString(file)).path("scorecards")).isEmpty();
  }

  @Test
  void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "").resolve("out.json");

    assertThatThrownBy(() -> ScorecardsFile.write(file, List.of()))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining(file.toString());
  }
}
