package dev.castalia.scoring.tokens;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.scoring.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * The tokens that begin and end texts, as transformers 5 takes them for a GPT-NeoX model from what
 * lies beside its {@code tokenizer.json}.
 */
final class SpecialTokens {

  private static final String NEOX = "GPTNeoXTokenizer";

  /** Classes of transformers that take {@link #END_OF_TEXT} where no file names a token. */
  private static final Set<String> ENDING_TEXTS =
      Set.of(NEOX, NEOX + "Fast", "GPT2Tokenizer", "GPT2TokenizerFast");

  /** Classes that transformers builds anew, whatever the {@code tokenizer.json} adds to a text. */
  private static final Set<String> ADDING_NOTHING = Set.of(NEOX, NEOX + "Fast");

  private static final String END_OF_TEXT = "<|endoftext|>";

  private final TokenizerFiles files;

  /** The first that has a key counts. */
  private final List<Source> sources;

  private final String tokenizerClass;

  private SpecialTokens(TokenizerFiles files, List<Source> sources, String tokenizerClass) {
    this.files = files;
    this.sources = sources;
    this.tokenizerClass = tokenizerClass;
  }

  /**
   * @throws CheckpointException if a file is there but is not a JSON object
   */
  static SpecialTokens of(TokenizerFiles files) {
    Source config = Source.read(files.config());
    return new SpecialTokens(
        files,
        config.json.has("added_tokens_decoder")
            ? List.of(config)
            : List.of(Source.read(files.specialTokens()), config),
        config.json.path("tokenizer_class").asText(NEOX));
  }

  /**
   * Sees to it that the harness, too, takes texts as they are.
   *
   * @param added what the {@code tokenizer.json} adds to every text
   * @throws CheckpointException if the harness would score texts with it
   */
  void check(List<String> added) {
    if (!added.isEmpty() && !ADDING_NOTHING.contains(tokenizerClass)) {
      throw new CheckpointException(
          "%s: adds %s to every text, and with the tokenizer_class '%s' so does the harness; texts are scored as they are here: if the model was trained on such, write GPTNeoXTokenizer in %s"
              .formatted(files.tokenizer(), added, tokenizerClass, files.config()));
    }
  }

  /**
   * What the harness puts before a text: the token that begins texts, else the one that ends them;
   * empty where there is neither.
   *
   * @param vocabulary gives the id of a token
   * @throws CheckpointException if a file names a token that is not in the vocabulary
   */
  OptionalInt prefix(Function<String, OptionalInt> vocabulary) {
    OptionalInt beginning = id("bos_token", vocabulary);
    return beginning.isPresent() ? beginning : id("eos_token", vocabulary);
  }

  private OptionalInt id(String key, Function<String, OptionalInt> vocabulary) {
    for (Source source : sources) {
      if (source.json.has(key)) {
        return source.id(key, vocabulary);
      }
    }
    return ENDING_TEXTS.contains(tokenizerClass)
        ? vocabulary.apply(END_OF_TEXT)
        : OptionalInt.empty();
  }

  /**
   * @param json an object; an empty one where there is no such file
   */
  private record Source(Path file, JsonNode json) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static Source read(Path file) {
      if (!Files.exists(file)) {
        return new Source(file, JSON.createObjectNode());
      }
      try {
        JsonNode json = JSON.readTree(Files.readAllBytes(file));
        if (!json.isObject()) {
          throw new CheckpointException(file + ": not a JSON object; fetch it again");
        }
        return new Source(file, json);
      } catch (JsonProcessingException e) {
        throw new CheckpointException(
            file + ": not JSON, or cut off: " + e.getOriginalMessage() + "; fetch it again", e);
      } catch (IOException e) {
        throw CheckpointException.unreadable(file, e);
      }
    }

    OptionalInt id(String key, Function<String, OptionalInt> vocabulary) {
      JsonNode value = json.get(key);
      JsonNode token = value.isObject() ? value.path("content") : value;
      if (token.isNull() || token.isTextual() && token.asText().isEmpty()) {
        return OptionalInt.empty();
      }
      if (!token.isTextual()) {
        throw new CheckpointException(
            "%s: %s is %s; wanted a text, or an object with its content"
                .formatted(file, key, value));
      }
      OptionalInt id = vocabulary.apply(token.asText());
      if (id.isEmpty()) {
        throw new CheckpointException(
            "%s: %s is '%s', which is no token of the tokenizer.json beside it; give the two that belong together"
                .formatted(file, key, token.asText()));
      }
      return id;
    }
  }
}
