package dev.castalia.scoring.task.helper;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HelpersTest {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);

  static Stream<Arguments> calls() throws IOException {
    return JSON.readTree(HelpersTest.class.getResource("/golden/helpers.json"))
        .valueStream()
        .map(
            call -> Arguments.of(call.path("file").asText(), call.path("function").asText(), call));
  }

  @ParameterizedTest(name = "{1} of {0}")
  @MethodSource("calls")
  void givesWhatTheHarnesssPythonGives(String path, String function, JsonNode call) {
    HelperFile file =
        Stream.of(Hellaswag.FILE, Logiqa.FILE, SuperGlueWsc.FILE, Wsc273.FILE)
            .filter(it -> it.path().equals(path))
            .findFirst()
            .orElseThrow();
    List<Map<String, Object>> documents =
        JSON.convertValue(call.path("documents"), new TypeReference<>() {});
    List<Object> values = JSON.convertValue(call.path("values"), new TypeReference<>() {});

    assertThat(values(file.functions().get(function), documents))
        .hasSize(3)
        .containsExactlyElementsOf(values);
  }

  private static List<Object> values(Helper helper, List<Map<String, Object>> documents) {
    return switch (helper) {
      case Helper.OfDocuments(var process) -> List.copyOf(process.apply(documents));
      case Helper.OfDocument(var value) -> documents.stream().map(value).toList();
      default -> throw new IllegalArgumentException(helper + " is not of documents");
    };
  }
}
