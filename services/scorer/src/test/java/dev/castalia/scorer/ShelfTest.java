package dev.castalia.scorer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.events.RequestedTask;
import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.source.Locations;
import dev.castalia.scoring.source.Roots;
import dev.castalia.scoring.task.TaskLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShelfTest {

  private static final Path SUITE =
      Path.of(System.getProperty("castalia.root"), "services/cli/suites/nano");
  private static final Path TASK = SUITE.resolve("tasks/nano_agreement.yaml");

  @TempDir private Path folder;

  @Test
  void aTasksLocationNamesNoDataOutsideOfTheRoots() throws IOException {
    Shelf shelf = new Shelf(Locations.ofEnvironment().within(new Roots(List.of(SUITE))));
    Path secret = Files.writeString(folder.resolve("secret.json"), "{\"key\": \"hunter2\"}");
    TaskLocation location =
        new TaskLocation(
            TASK,
            Optional.empty(),
            Map.of("dataset_kwargs", Map.of("data_files", Map.of("test", secret.toString()))));

    assertThatThrownBy(
            () ->
                shelf.task(
                    new RequestedTask(
                        "nano_agreement", "0123456789abcdef", location.toString(), 0, List.of()),
                    shelf.tokenizer(SUITE.resolve("tokenizer.json").toString())))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining(secret + ": is outside of [" + SUITE + "]")
        .hasMessageNotContaining("hunter2");
  }
}
