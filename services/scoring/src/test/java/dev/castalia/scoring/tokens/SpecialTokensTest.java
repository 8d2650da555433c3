package dev.castalia.scoring.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.NanoSuite;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class SpecialTokensTest {

  /** What the harness takes for an empty context with these files beside the tokenizer.json. */
  private record Golden(JsonNode config, JsonNode special, Integer prefix) {}

  /** What it adds to every text, with such a post_processor and such a class. */
  private record Added(JsonNode processor, JsonNode config, List<Integer> added) {}

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Which of its parts the harness takes otherwise, with such parts and such a class. */
  private record Own(ObjectNode parts, JsonNode config, List<String> other) {}

  /** Whether it makes the same tokens as the tokenizer.json alone, with such files beside it. */
  private record Beside(JsonNode config, JsonNode special, JsonNode added, boolean same) {}

  /**
   * @param tokens the tokenizer.json's added ones
   */
  private record Vocabulary(JsonNode tokens, List<Beside> cases) {}

  private static final Vocabulary VOCABULARY =
      golden("added-vocabulary.json", new TypeReference<>() {});

  @SuppressWarnings("unused")
  private static final List<Beside> BESIDE = VOCABULARY.cases();

  @SuppressWarnings("unused")
  private static final List<Golden> GOLDEN = golden("prefix-tokens.json", new TypeReference<>() {});

  @SuppressWarnings("unused")
  private static final List<Added> ADDED = golden("added-tokens.json", new TypeReference<>() {});

  @SuppressWarnings("unused")
  private static final List<Own> OWN = golden("own-parts.json", new TypeReference<>() {});

  @TempDir private Path folder;

  private static <T> T golden(String name, TypeReference<T> type) {
    try {
      return JSON.readValue(SpecialTokensTest.class.getResource("/golden/" + name), type);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void copyTokenizer() throws IOException {
    Files.copy(NanoSuite.bundled().resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
  }

  @ParameterizedTest
  @FieldSource("GOLDEN")
  void thePrefixTokenIsTransformers(Golden golden) throws IOException {
    write("tokenizer.json", tokenizer(golden.config()));
    write("tokenizer_config.json", golden.config());
    write("special_tokens_map.json", golden.special());

    OptionalInt expected =
        golden.prefix() == null ? OptionalInt.empty() : OptionalInt.of(golden.prefix());
    assertThat(prefixToken(folder)).isEqualTo(expected);
    assertThat(prefixToken(folder.resolve("tokenizer.json"))).isEqualTo(expected);
  }

  @ParameterizedTest
  @FieldSource("ADDED")
  void aTokenizerWhoseTextsTheHarnessAddsToIsRefused(Added golden) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    write("tokenizer.json", tokenizer(golden.config()).set("post_processor", golden.processor()));
    write("tokenizer_config.json", golden.config());

    if (golden.added().isEmpty()) {
      assertThatCode(() -> prefixToken(folder)).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> prefixToken(folder))
          .isInstanceOf(CheckpointException.class)
          .hasMessageStartingWith(file + ": adds [<|endoftext|>] to every text")
          .hasMessageEndingWith(
              "write GPTNeoXTokenizer in " + folder.resolve("tokenizer_config.json"));
    }
  }

  @ParameterizedTest
  @FieldSource("OWN")
  void aTokenizerOfWhichTheHarnessMakesOtherTokensIsRefused(Own golden) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    ObjectNode tokenizer = (ObjectNode) JSON.readTree(file.toFile());
    ObjectNode model = (ObjectNode) tokenizer.get("model");
    tokenizer.setAll(golden.parts());
    if (golden.parts().get("model") instanceof ObjectNode part) {
      tokenizer.set("model", model.setAll(part));
    }
    write("tokenizer.json", tokenizer);
    write("tokenizer_config.json", golden.config());

    if (golden.other().isEmpty()) {
      assertThatCode(() -> prefixToken(folder)).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> prefixToken(folder))
          .isInstanceOf(CheckpointException.class)
          .hasMessageStartingWith(file + ": " + golden.other().getFirst() + " is ")
          .hasMessageContaining(
              "\"PreTrainedTokenizerFast\" in " + folder.resolve("tokenizer_config.json"));
    }
  }

  @ParameterizedTest
  @FieldSource("BESIDE")
  void aTokenizerOfWhichTheHarnessFindsOtherTokensInATextIsRefused(Beside golden)
      throws IOException {
    ObjectNode tokenizer = tokenizer(golden.config());
    write("tokenizer.json", tokenizer.set("added_tokens", VOCABULARY.tokens()));
    write("tokenizer_config.json", golden.config());
    write("special_tokens_map.json", golden.special());
    write("added_tokens.json", golden.added());

    if (golden.same()) {
      assertThatCode(() -> prefixToken(folder)).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> prefixToken(folder))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("the tokenizer.json beside it")
          .hasMessageEndingWith("give the two that belong together");
    }
  }

  @Test
  void aTokenThatOnlyTheHarnessNamesIsAskedFor() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(file, Files.readString(file).replace("<|endoftext|>", "<none>"));

    assertThatThrownBy(() -> prefixToken(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(
            folder.resolve("tokenizer_config.json") + ": names no bos_token, for which");

    Files.writeString(
        folder.resolve("tokenizer_config.json"), "{\"bos_token\": null, \"eos_token\": null}");
    assertThat(prefixToken(folder)).isEmpty();
  }

  @Test
  void aTokenThatNobodyNamesNeedNotBeThere() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(file, Files.readString(file).replace("<|endoftext|>", "<none>"));
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"tokenizer_class\": \"PreTrainedTokenizerFast\"}");

    assertThat(prefixToken(folder)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"bos_token": "<s>"}       | bos_token is '<s>', which is no token of the tokenizer.json
          {"bos_token": "dog cat"}   | bos_token is 'dog cat', which is no token of
          {"bos_token": 3}           | bos_token is 3; wanted a text, or an object with its content
          {"bos_token": {"lstrip": false}} | bos_token is {"lstrip":false}; wanted a text
          {"bos_token": "A", "eos_to | not JSON, or cut off
          []                         | not a JSON object
          ''                         | not JSON, or cut off
          """)
  void whatCannotBeIsNamedWithItsFile(String config, String why) throws IOException {
    Path file = Files.writeString(folder.resolve("tokenizer_config.json"), config);

    assertThatThrownBy(() -> Tokenizer.load(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(file + ": " + why);
  }

  @Test
  void aFileTooLongForATokenizersIsNotReadToItsEnd() throws IOException {
    Path file = folder.resolve("tokenizer_config.json");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(TokenizerFiles.MOST_BESIDE + 1L);
    }

    assertThatThrownBy(() -> TokenizerContent.read(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(file + ": longer than");
  }

  private static OptionalInt prefixToken(Path path) {
    try (Tokenizer tokenizer = Tokenizer.load(path)) {
      return tokenizer.prefixToken();
    }
  }

  /** The suite's, as the class beside it takes it. */
  private ObjectNode tokenizer(JsonNode config) throws IOException {
    ObjectNode tokenizer = (ObjectNode) JSON.readTree(folder.resolve("tokenizer.json").toFile());
    return config.path("tokenizer_class").asText().startsWith("GPT2")
        ? tokenizer.putNull("normalizer")
        : tokenizer;
  }

  private void write(String name, JsonNode content) throws IOException {
    if (content != null && !content.isNull()) {
      Files.writeString(folder.resolve(name), content.toString());
    }
  }
}
