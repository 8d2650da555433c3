package dev.castalia.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.events.RequestedTask;
import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.source.Locations;
import dev.castalia.scoring.source.Roots;
import dev.castalia.scoring.task.Task;
import dev.castalia.scoring.task.TaskLocation;
import dev.castalia.scoring.tokens.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShelfTest {

  private static final Path SUITE =
      Path.of(System.getProperty("castalia.root"), "services/cli/suites/nano");
  private static final Path TOKENIZER = SUITE.resolve("tokenizer.json");
  private static final Path TASK = SUITE.resolve("tasks/nano_agreement.yaml");

  @TempDir private Path folder;
  private final Shelf shelf = new Shelf(Locations.ofEnvironment());

  @Test
  void aTaskIsReadAndEncodedOnceForATokenizerAndANumberOfShots() throws IOException {
    Tokenizer tokenizer = shelf.tokenizer(TOKENIZER.toString());
    RequestedTask wanted = wanted(0);

    assertThat(shelf.task(wanted, tokenizer)).isSameAs(shelf.task(wanted(0), tokenizer));
    assertThat(shelf.task(wanted(2), tokenizer)).isNotSameAs(shelf.task(wanted, tokenizer));
  }

  @Test
  void aTaskIsNotGivenUnderAnotherName() throws IOException {
    Tokenizer tokenizer = shelf.tokenizer(TOKENIZER.toString());
    shelf.task(wanted(0), tokenizer);
    RequestedTask other = RequestedTask.newBuilder(wanted(0)).setTask("other").build();

    assertThatThrownBy(() -> shelf.task(other, tokenizer))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("but other in version");
  }

  @Test
  void equalTokenizersAreOneWhereverTheyLie() throws IOException {
    Path copy = Files.copy(TOKENIZER, folder.resolve("tokenizer.json"));

    assertThat(shelf.tokenizer(copy.toString()))
        .isSameAs(shelf.tokenizer(TOKENIZER.toString()))
        .isSameAs(shelf.tokenizer(folder.toString()));
  }

  @Test
  void aTokenizerThatChangedIsAnother() throws IOException {
    Path copy = Files.copy(TOKENIZER, folder.resolve("tokenizer.json"));
    Tokenizer before = shelf.tokenizer(copy.toString());
    Files.writeString(copy, " ", StandardOpenOption.APPEND);

    assertThat(shelf.tokenizer(copy.toString()).fingerprint()).isNotEqualTo(before.fingerprint());
  }

  private static RequestedTask wanted(int shots) throws IOException {
    String version = Task.parse(TASK, Files.readString(TASK)).version();
    return new RequestedTask("nano_agreement", version, TASK.toString(), shots, List.of());
  }

  @Test
  void aTasksLocationNamesNoDataOutsideOfTheRoots() throws IOException {
    Shelf rooted = new Shelf(Locations.ofEnvironment().within(new Roots(List.of(SUITE))));
    Path secret = Files.writeString(folder.resolve("secret.json"), "{\"key\": \"hunter2\"}");
    TaskLocation location =
        new TaskLocation(
            TASK,
            Optional.empty(),
            Map.of("dataset_kwargs", Map.of("data_files", Map.of("test", secret.toString()))));

    assertThatThrownBy(
            () ->
                rooted.task(
                    new RequestedTask(
                        "nano_agreement", "0123456789abcdef", location.toString(), 0, List.of()),
                    rooted.tokenizer(TOKENIZER.toString())))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining(secret + ": is outside of [" + SUITE + "]")
        .hasMessageNotContaining("hunter2");
  }
}
