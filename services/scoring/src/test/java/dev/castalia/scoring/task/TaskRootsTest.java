package dev.castalia.scoring.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.source.Roots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where roots are given, a task's files lie in them, whoever names them. */
class TaskRootsTest {

  private static final String TASK =
      """
      task: t
      dataset_path: json
      dataset_kwargs: {data_files: {test: data.jsonl}}
      output_type: multiple_choice
      test_split: test
      doc_to_text: "Q:"
      doc_to_choice: ["yes", "no"]
      doc_to_target: 0
      """;
  private static final String DOCUMENT = "{\"secret\": \"hunter2\"}\n";

  @TempDir private Path folder;
  private Path root;
  private Path outside;

  @BeforeEach
  void write() throws IOException {
    root = Files.createDirectories(folder.resolve("root"));
    outside = Files.createDirectories(folder.resolve("outside/deep")).getParent();
    Files.writeString(root.resolve("t.yaml"), TASK);
    Files.writeString(root.resolve("data.jsonl"), DOCUMENT);
    Files.writeString(outside.resolve("t.yaml"), TASK);
    Files.writeString(outside.resolve("data.jsonl"), DOCUMENT);
    Files.createSymbolicLink(root.resolve("link.jsonl"), outside.resolve("data.jsonl"));
    Files.createSymbolicLink(root.resolve("link.yaml"), outside.resolve("t.yaml"));
    Files.createSymbolicLink(root.resolve("link"), outside);
    Files.createSymbolicLink(root.resolve("deep"), outside.resolve("deep"));
  }

  private Task load(Path file, Path data, Map<String, Object> overrides) {
    return new TaskLocation(file, Optional.ofNullable(data), overrides)
        .load(new Roots(List.of(root)));
  }

  private void assertRefused(Path file, Path data, Map<String, Object> overrides) {
    assertThatThrownBy(() -> load(file, data, overrides))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("is outside of [" + root + "]")
        .hasMessageContaining("castalia.scorer.roots");
  }

  @Test
  void aTaskWhoseFilesAreWithinIsRead() throws IOException {
    Files.writeString(root.resolve("with.yaml"), "include: ../root/t.yaml\ntask: with\n");
    Files.createDirectories(root.resolve("data/set/default"));
    Files.writeString(root.resolve("data/set/default/test.jsonl"), DOCUMENT);

    assertThat(load(root.resolve("with.yaml"), null, Map.of()).documents()).isEqualTo(1);
    assertThat(
            load(root.resolve("t.yaml"), root.resolve("data"), Map.of("dataset_path", "set"))
                .documents())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"outside/t.yaml", "root/../outside/t.yaml", "root/link.yaml"})
  void aDefinitionElsewhereIsRefused(String file) {
    assertRefused(folder.resolve(file), null, Map.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include: ../outside/t.yaml",
        "include: link.yaml",
        "include: [t.yaml, link/t.yaml]",
        "include: t.yaml\nprocess_docs: !function link.utils.process",
      })
  void aDefinitionNamesNoFileElsewhere(String text) throws IOException {
    Path file = Files.writeString(root.resolve("own.yaml"), text + "\n");

    assertRefused(file, null, Map.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ABSOLUTE",
        "../outside/data.jsonl",
        "link.jsonl",
        "link/data.jsonl",
        "deep/../data.jsonl"
      })
  void whatOverridesATaskNamesNoDataElsewhere(String name) {
    String data = name.equals("ABSOLUTE") ? outside.resolve("data.jsonl").toString() : name;

    for (Object files : List.of(data, List.of("data.jsonl", data), Map.of("test", data))) {
      assertRefused(
          root.resolve("t.yaml"), null, Map.of("dataset_kwargs", Map.of("data_files", files)));
    }
  }

  @Test
  void aFolderOfDataHasNoFilesElsewhere() throws IOException {
    Files.createDirectories(root.resolve("data/set/default"));
    Files.createSymbolicLink(
        root.resolve("data/set/default/test.jsonl"), outside.resolve("data.jsonl"));

    assertRefused(root.resolve("t.yaml"), root.resolve("data"), Map.of("dataset_path", "set"));
    assertRefused(root.resolve("t.yaml"), outside, Map.of("dataset_path", "set"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ABSOLUTE", "../outside/tokens", "link/tokens", "linked"})
  void anIndexedDataSetHasNoFilesElsewhere(String name) throws IOException {
    Files.write(outside.resolve("tokens.idx"), new byte[100]);
    Files.write(outside.resolve("tokens.bin"), new byte[100]);
    Files.createSymbolicLink(root.resolve("linked.idx"), outside.resolve("tokens.idx"));
    String prefix = name.equals("ABSOLUTE") ? outside.resolve("tokens").toString() : name;

    Map<String, Object> overrides =
        Map.of("dataset_path", "megatron", "dataset_kwargs", Map.of("data_files", prefix));
    assertRefused(root.resolve("t.yaml"), null, overrides);
    assertRefused(root.resolve("t.yaml"), root, overrides);
  }

  @Test
  void partsOfAnIndexedDataSetAreNotElsewhere() throws IOException {
    Files.write(outside.resolve("tokens.bin"), new byte[100]);
    for (String name : List.of("whole", "parts")) {
      Files.write(root.resolve(name + ".idx"), new byte[100]);
    }
    Files.createSymbolicLink(root.resolve("whole.bin"), outside.resolve("tokens.bin"));
    Files.createSymbolicLink(
        root.resolve("parts-00000-of-00001.bin"), outside.resolve("tokens.bin"));

    for (String prefix : List.of("whole", "parts")) {
      assertRefused(
          root.resolve("t.yaml"),
          null,
          Map.of("dataset_path", "megatron", "dataset_kwargs", Map.of("data_files", prefix)));
    }
  }
}
