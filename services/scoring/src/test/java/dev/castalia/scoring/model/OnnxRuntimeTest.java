package dev.castalia.scoring.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.scoring.NanoSuite;
import dev.castalia.scoring.checkpoint.Checkpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxRuntimeTest {

  @TempDir private Path folder;

  @Test
  @Tag("slow")
  void whatIsInHandWhenTheProcessIsToldToEndIsFinished() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Ending.class.getName())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();

    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).endsWith(Ending.DONE);
  }

  /** A process that goes on scoring after it was told to end, as a scorer does. */
  static final class Ending {

    static final String DONE = "read everything\n";

    private static final int READINGS = 10;

    public static void main(String[] arguments) {
      Checkpoint checkpoint = Checkpoint.open(NanoSuite.bundledCheckpoint());
      read(checkpoint);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> finish(checkpoint)));
      System.exit(0);
    }

    private static void finish(Checkpoint checkpoint) {
      for (int i = 0; i < READINGS; i++) {
        read(checkpoint);
      }
      System.out.print(DONE);
      System.out.flush();
    }

    private static void read(Checkpoint checkpoint) {
      try (Model model = Model.open(checkpoint, ModelOptions.DEFAULT)) {
        model.read(List.of(new Passage(new int[] {1, 2, 3}, new int[] {4})), Progress.NONE);
      }
    }
  }
}
