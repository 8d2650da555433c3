package dev.castalia.scoring.task.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.template.PythonText;
import dev.castalia.scoring.template.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class JsonTypeTest {

  /** What the datasets library makes of the lines, and the harness of {@code {{ n }}}. */
  private record Golden(List<String> lines, String documents, List<String> renderings) {}

  @SuppressWarnings("unused")
  private static final List<Golden> GOLDEN = golden();

  @TempDir private Path folder;

  private static List<Golden> golden() {
    try {
      return new ObjectMapper()
          .readValue(
              JsonTypeTest.class.getResource("/golden/json-types.json"), new TypeReference<>() {});
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @FieldSource("GOLDEN")
  void aColumnHasTheTypeThatTheDatasetsLibraryGivesIt(Golden golden) throws IOException {
    Dataset data = dataset(golden.lines());

    if (golden.documents() == null) {
      assertThatThrownBy(() -> data.documents("test"))
          .isInstanceOf(TaskException.class)
          .hasMessageContaining("is not within Python's years");
    } else {
      List<Map<String, Object>> documents = data.documents("test");
      assertThat(PythonText.repr(documents)).isEqualTo(golden.documents());
      assertThat(documents)
          .map(document -> new Template("golden", "{{ n }}").render(document))
          .isEqualTo(golden.renderings());
    }
  }

  @Test
  void filesOfOneSplitAreOneColumn() throws IOException {
    Path first = Files.writeString(folder.resolve("a.jsonl"), "{\"n\": 1.5}");
    Path second = Files.writeString(folder.resolve("b.json"), "[{\"n\": 2}]");

    assertThat(new Dataset(Map.of("test", List.of(first, second))).documents("test"))
        .containsExactly(Map.of("n", 1.5), Map.of("n", 2.0));
  }

  private Dataset dataset(List<String> lines) throws IOException {
    return new Dataset(Map.of("test", List.of(Files.write(folder.resolve("rows.jsonl"), lines))));
  }
}
