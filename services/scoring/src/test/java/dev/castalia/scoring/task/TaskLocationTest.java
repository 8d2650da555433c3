package dev.castalia.scoring.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.scoring.TaskException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskLocationTest {

  @Test
  void aFileAloneIsItsPath() {
    TaskLocation location = new TaskLocation(Path.of("/a b/t.yaml"), Optional.empty(), Map.of());

    assertThat(location).hasToString("/a b/t.yaml");
    assertThat(TaskLocation.parse("/a b/t.yaml")).isEqualTo(location);
    assertThat(TaskLocation.parse("file:///a%20b/t.yaml")).isEqualTo(location);
  }

  @Test
  void dataAndOverridesComeBack() {
    TaskLocation location =
        new TaskLocation(
            Path.of("/a b/t.yaml"),
            Optional.of(Path.of("/data & more")),
            Map.of("num_fewshot", 5, "description", "a=b&c"));

    assertThat(location.toString()).startsWith("file:///a%20b/t.yaml?data=");
    assertThat(TaskLocation.parse(location.toString())).isEqualTo(location);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///t.yaml?data",
        "file:///t.yaml?overrides=x",
        "file:// no",
        "file:t.yaml",
        "t\0.yaml"
      })
  void whatIsNoLocationIsAnError(String text) {
    assertThatThrownBy(() -> TaskLocation.parse(text))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("no location of a task");
  }
}
