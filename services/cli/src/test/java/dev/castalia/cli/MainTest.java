package dev.castalia.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The process as a whole: what a shell sees of it. */
@Tag("slow")
class MainTest {

  private static final Path FULL = Path.of("/dev/full");

  @Test
  void outputThatCouldNotBeWrittenIsAFailure() throws Exception {
    assumeTrue(FULL.toFile().exists(), "no " + FULL);
    Process process = start(FULL.toFile(), "key", "ada", "--role", "producer");

    String said = new String(process.getErrorStream().readAllBytes());

    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(said).contains("castalia: not all of it could be printed", "No space left");
  }

  @Test
  void aReaderThatIsGoneEndsTheProcess() throws Exception {
    try (RecordingGateway gateway = new RecordingGateway()) {
      gateway.answers(
          "GET /sweeps/endless/progress",
          """
          {"sweep": "endless", "state": "running", "checkpoints": 4, "ofCheckpoints": 4,
           "planned": 4, "done": 0, "failed": 0, "models": []}
          """);
      Process process = start(null, "watch", "endless", "--json", "--gateway", gateway.url());
      process.getInputStream().close();

      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).isEqualTo(1);
    }
  }

  private static Process start(File out, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    if (out != null) {
      builder.redirectOutput(out);
    }
    return builder.start();
  }
}
