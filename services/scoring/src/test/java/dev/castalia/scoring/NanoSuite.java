package dev.castalia.scoring;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.castalia.scoring.task.Task;
import dev.castalia.scoring.task.TaskDefinition;
import dev.castalia.scoring.task.TaskFolder;
import dev.castalia.scoring.task.data.DataPath;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Where the nano suite lies: one checkpoint of it is bundled, the whole is beside the checkout. */
public final class NanoSuite {

  private NanoSuite() {}

  public static Path bundled() {
    try {
      return Path.of(NanoSuite.class.getResource("/nano/tokenizer.json").toURI()).getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Path bundledCheckpoint() {
    return bundled().resolve("checkpoints/nano-74k/step512");
  }

  /** A suite's tasks, by name. */
  public static Map<String, Task> tasks(Path suite) {
    Map<String, Task> tasks = new TreeMap<>();
    for (TaskDefinition definition : TaskFolder.open(suite.resolve("tasks")).all().tasks()) {
      tasks.put(definition.name(), definition.load(DataPath.NONE));
    }
    return tasks;
  }

  /** The whole suite; the test is skipped where it is absent. */
  public static Path shared() {
    Path shared =
        Optional.ofNullable(System.getenv("CASTALIA_SHARED"))
            .map(Path::of)
            .orElseGet(
                () -> Path.of(System.getProperty("castalia.root", ".")).resolve("../shared"));
    Path suite = shared.resolve("suites/nano");
    assumeTrue(
        Files.isDirectory(suite),
        "skipped: no nano suite at " + suite + "; set CASTALIA_SHARED to the folder that has it");
    return suite;
  }
}
