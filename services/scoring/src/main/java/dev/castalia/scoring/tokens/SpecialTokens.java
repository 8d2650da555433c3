package dev.castalia.scoring.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import dev.castalia.scoring.CheckpointException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * The tokens that begin and end texts, as transformers 5 takes them for a GPT-NeoX model from what
 * lies beside its {@code tokenizer.json}.
 */
final class SpecialTokens {

  private static final String END_OF_TEXT = "<|endoftext|>";

  /** Those that have no name of their own. */
  private static final List<String> FURTHER =
      List.of("additional_special_tokens", "extra_special_tokens");

  /** The first that has a key counts. */
  private final List<JsonFile> sources;

  private final JsonFile config;
  private final TokenizerClass loaded;

  private SpecialTokens(List<JsonFile> sources, JsonFile config, TokenizerClass loaded) {
    this.sources = sources;
    this.config = config;
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
        config,
        loaded);
  }

  /**
   * Sees to it that none of them is new to the tokenizer: the harness would give it an id.
   *
   * @param vocabulary gives the id of a token
   * @throws CheckpointException if a file names a token that is not in the vocabulary
   */
  void check(Function<String, OptionalInt> vocabulary) {
    Set<String> seen = new HashSet<>();
    for (JsonFile source : sources) {
      for (Map.Entry<String, JsonNode> entry : source.json().properties()) {
        String key = entry.getKey();
        if (FURTHER.contains(key)) {
          entry.getValue().forEach(token -> require(source, key, token, vocabulary));
        } else if (key.endsWith("_token") && seen.add(key)) {
          require(source, key, entry.getValue(), vocabulary);
        }
      }
    }
  }

  /** What is neither a text nor an object of one names no token, such as add_bos_token. */
  private static void require(
      JsonFile source, String key, JsonNode value, Function<String, OptionalInt> vocabulary) {
    if (value.isTextual() || value.path("content").isTextual()) {
      id(source, key, value, vocabulary);
    }
  }

  /**
   * What the harness puts before a text: the token that begins texts, else the one that ends them;
   * empty where there is neither.
   *
   * @param vocabulary gives the id of a token
   * @throws CheckpointException if a file, or where none does the class, names a token that is not
   *     in the vocabulary
   */
  OptionalInt prefix(Function<String, OptionalInt> vocabulary) {
    OptionalInt beginning = id("bos_token", vocabulary);
    return beginning.isPresent() ? beginning : id("eos_token", vocabulary);
  }

  private OptionalInt id(String key, Function<String, OptionalInt> vocabulary) {
    for (JsonFile source : sources) {
      if (source.json().has(key)) {
        return id(source, key, source.json().get(key), vocabulary);
      }
    }
    return loaded.putsItsOwn() ? endOfText(key, vocabulary) : OptionalInt.empty();
  }

  private OptionalInt endOfText(String key, Function<String, OptionalInt> vocabulary) {
    OptionalInt id = vocabulary.apply(END_OF_TEXT);
    if (id.isEmpty()) {
      throw new CheckpointException(
          "%s: names no %s, for which the harness takes %s; that is no token of the tokenizer.json beside it: write which token begins texts, or \"%s\": null"
              .formatted(config.file(), key, END_OF_TEXT, key));
    }
    return id;
  }

  private static OptionalInt id(
      JsonFile source, String key, JsonNode value, Function<String, OptionalInt> vocabulary) {
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
