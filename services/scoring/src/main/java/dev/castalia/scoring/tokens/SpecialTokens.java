package dev.castalia.scoring.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import dev.castalia.scoring.CheckpointException;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * The tokens that begin and end texts, as transformers 5 takes them for a GPT-NeoX model from what
 * lies beside its {@code tokenizer.json}.
 */
final class SpecialTokens {

  private static final String END_OF_TEXT = "<|endoftext|>";

  /** The first that has a key counts. */
  private final List<JsonFile> sources;

  private final TokenizerClass loaded;

  private SpecialTokens(List<JsonFile> sources, TokenizerClass loaded) {
    this.sources = sources;
    this.loaded = loaded;
  }

  /**
   * @param config the {@code tokenizer_config.json}
   * @param loaded what the tokenizer is loaded as
   * @throws CheckpointException if another file is there but is not a JSON object
   */
  static SpecialTokens of(TokenizerFiles files, JsonFile config, TokenizerClass loaded) {
    return new SpecialTokens(
        config.json().has("added_tokens_decoder")
            ? List.of(config)
            : List.of(JsonFile.read(files.specialTokens()), config),
        loaded);
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
    for (JsonFile source : sources) {
      if (source.json().has(key)) {
        return id(source, key, vocabulary);
      }
    }
    return loaded.putsItsOwn() ? vocabulary.apply(END_OF_TEXT) : OptionalInt.empty();
  }

  private static OptionalInt id(
      JsonFile source, String key, Function<String, OptionalInt> vocabulary) {
    JsonNode value = source.json().get(key);
    JsonNode token = value.isObject() ? value.path("content") : value;
    if (token.isNull() || token.isTextual() && token.asText().isEmpty()) {
      return OptionalInt.empty();
    }
    if (!token.isTextual()) {
      throw new CheckpointException(
          "%s: %s is %s; wanted a text, or an object with its content"
              .formatted(source.file(), key, value));
    }
    OptionalInt id = vocabulary.apply(token.asText());
    if (id.isEmpty()) {
      throw new CheckpointException(
          "%s: %s is '%s', which is no token of the tokenizer.json beside it; give the two that belong together"
              .formatted(source.file(), key, token.asText()));
    }
    return id;
  }
}
