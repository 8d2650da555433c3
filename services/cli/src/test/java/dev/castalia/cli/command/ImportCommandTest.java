package dev.castalia.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.cli.Execution;
import dev.castalia.cli.RecordingGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {

  private static final String RESULTS =
      """
      {"results": {"piqa": {"acc": 0.6, "acc_norm": 0.7}},
       "config": {"num_fewshot": 0, "model_args": "pretrained=EleutherAI/pythia-70m,revision=step8"}}
      """;

  private final RecordingGateway gateway = new RecordingGateway();

  @TempDir private Path folder;

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void scoresAreSentUnderTheFoldersNameAndAwaited() throws IOException {
    Path file = Files.createDirectory(folder.resolve("my-evals")).resolve("a.json");
    Files.writeString(file, RESULTS);
    gateway.answers("POST /reported-scores", published(2, 0));
    gateway.answers("POST /reported-scores", published(2, 0));
    gateway.answers("POST /reported-scores", published(0, 2));

    Execution imported = Execution.against(gateway, "import", "lm-eval", file.toString());

    assertThat(imported.status()).isZero();
    assertThat(imported.outLines())
        .containsExactly(
            "my-evals: 1 of 1 file, 1 checkpoint of 1 run, 1 task",
            "2 scores: 2 new, 0 updated, 0 unchanged");
    assertThat(gateway.asked().getFirst().json().at("/0/source").asText()).isEqualTo("my-evals");
    assertThat(gateway.asked().getFirst().json().at("/0/tasks/0/metrics/1/value").asDouble())
        .isEqualTo(0.7);
    assertThat(gateway.asked())
        .extracting(RecordingGateway.Asked::pathAndQuery)
        .containsExactly(
            "/api/v1/reported-scores",
            "/api/v1/reported-scores?compare=true",
            "/api/v1/reported-scores?compare=true");
  }

  @Test
  void theLastCheckpointOfARequestIsAwaitedBeforeAllOfItIsAskedFor() throws IOException {
    Files.writeString(folder.resolve("a.json"), RESULTS);
    Files.writeString(folder.resolve("b.json"), RESULTS.replace("step8", "step9"));
    gateway.answers("POST /reported-scores", published(4, 0));
    gateway.answers("POST /reported-scores", published(2, 0));
    gateway.answers("POST /reported-scores", published(0, 2));
    gateway.answers("POST /reported-scores", published(0, 4));

    Execution imported =
        Execution.against(gateway, "import", "lm-eval", folder.toString(), "--source=s");

    assertThat(imported.status()).isZero();
    assertThat(gateway.asked())
        .extracting(asked -> asked.json().size())
        .containsExactly(2, 1, 1, 2);
  }

  @Test
  void unreadableFilesAreListedTheRestIsSentAndTheExitCodeSaysSo() throws IOException {
    Files.writeString(folder.resolve("a.json"), RESULTS);
    Files.writeString(folder.resolve("b.json"), "{");
    gateway.answers("POST /reported-scores", published(0, 2));

    Execution imported =
        Execution.against(gateway, "import", "lm-eval", folder.toString(), "--source=s");

    assertThat(imported.status()).isEqualTo(1);
    assertThat(imported.errLines()).anyMatch(line -> line.contains("b.json: is not JSON"));
    assertThat(imported.outLines()).contains("2 scores: 0 new, 0 updated, 2 unchanged");
  }

  @Test
  void aPathThatIsNotThereIsWrongUsage() {
    Execution imported = Execution.against(gateway, "import", "lm-eval", "/no/such/folder");

    assertThat(imported.status()).isEqualTo(2);
    assertThat(imported.errLines().getFirst()).contains("/no/such/folder");
  }

  @Test
  void aSourceThatCannotBePartOfAKeyIsWrongUsage() throws IOException {
    Files.writeString(folder.resolve("a.json"), RESULTS);

    Execution imported =
        Execution.against(gateway, "import", "lm-eval", folder.toString(), "--source=a|b");

    assertThat(imported.status()).isEqualTo(2);
  }

  @Test
  void whatOthersMeasuredIsNotFiledAsCastaliasOwn() throws IOException {
    Path own = Files.createDirectory(folder.resolve("castalia"));
    Files.writeString(own.resolve("a.json"), RESULTS);

    Execution imported = Execution.against(gateway, "import", "lm-eval", own.toString());

    assertThat(imported.status()).isEqualTo(2);
    assertThat(imported.errLines().getFirst()).contains("give another name with --source NAME");
    assertThat(gateway.asked()).isEmpty();
  }

  private static String published(int created, int unchanged) {
    return "{\"created\": %d, \"updated\": 0, \"unchanged\": %d}".formatted(created, unchanged);
  }
}
