package dev.castalia.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.cli.Suites;
import dev.castalia.scoring.score.EncodedTask;
import dev.castalia.scoring.task.Task;
import dev.castalia.scoring.task.TaskFolder;
import dev.castalia.scoring.task.data.DataPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskEncoderTest {

  @TempDir private Path folder;

  @Test
  void tasksAreEncodedAnewWhereTheTokenizerOrWhatLiesBesideItIsAnother() throws IOException {
    Task task =
        TaskFolder.open(Suites.bundled().resolve("tasks"))
            .select(List.of("nano_text"))
            .tasks()
            .getFirst()
            .load(DataPath.NONE);
    TaskEncoder encoder = new TaskEncoder(List.of(task), null, 1, failure -> {});
    Path first = tokenizer("first");
    Path second = tokenizer("second");

    List<EncodedTask> encoded = encoder.encode(first);
    assertThat(encoder.encode(second.resolve("tokenizer.json"))).isSameAs(encoded);
    Files.writeString(second.resolve("tokenizer_config.json"), "{\"bos_token\": \"A\"}");
    assertThat(encoder.encode(second)).isNotSameAs(encoded);
  }

  private Path tokenizer(String name) throws IOException {
    Path made = Files.createDirectory(folder.resolve(name));
    Files.copy(Suites.bundled().resolve("tokenizer.json"), made.resolve("tokenizer.json"));
    return made;
  }
}
