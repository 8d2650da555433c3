package dev.castalia.scoring.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.castalia.scoring.CheckpointException;
import java.util.List;

/**
 * The class of transformers 5 that the harness loads a GPT-NeoX model's tokenizer with. Some take
 * only vocabulary and merges from the {@code tokenizer.json} and put their own parts for the rest.
 */
final class TokenizerClass {

  private static final String NEOX = "GPTNeoXTokenizer";
  private static final String GPT2 = "GPT2Tokenizer";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final TokenizerFiles files;
  private final JsonNode config;

  /** As it is written. */
  private final String name;

  private TokenizerClass(TokenizerFiles files, JsonNode config, String name) {
    this.files = files;
    this.config = config;
    this.name = name;
  }

  /**
   * @param config what the {@code tokenizer_config.json} says
   */
  static TokenizerClass of(TokenizerFiles files, JsonNode config) {
    return new TokenizerClass(files, config, config.path("tokenizer_class").asText(NEOX));
  }

  private boolean is(String other) {
    return name.equals(other) || name.equals(other + "Fast");
  }

  /**
   * Whether it puts its own parts for those of the file: also {@code <|endoftext|>} for the tokens
   * that begin and end texts, where no file names them.
   */
  boolean putsItsOwn() {
    return is(NEOX) || is(GPT2);
  }

  /**
   * Sees to it that the harness, too, takes texts as they are and makes the same tokens of them.
   *
   * @param parts those of the {@code tokenizer.json}
   * @param added what it adds to every text
   * @throws CheckpointException if the harness would score other tokens
   */
  void check(TokenizerParts parts, List<String> added) {
    if (putsItsOwn()) {
      require("normalizer", parts.normalizer(), is(NEOX) ? part("NFC") : JSON.nullNode());
      require("pre_tokenizer", parts.preTokenizer(), byteLevel());
      require("ignore_merges", JSON.booleanNode(parts.ignoreMerges()), JSON.booleanNode(false));
    }
    if (!added.isEmpty() && !is(NEOX)) {
      throw new CheckpointException(
          "%s: adds %s to every text, and with the tokenizer_class '%s' so does the harness; texts are scored as they are here: if the model was trained on such, write GPTNeoXTokenizer in %s"
              .formatted(files.tokenizer(), added, name, files.config()));
    }
  }

  private void require(String key, JsonNode part, JsonNode own) {
    if (!part.equals(own)) {
      throw new CheckpointException(
          "%s: %s is %s, but with the tokenizer_class '%s' the harness takes %s: if the model was trained with what the file says, write \"tokenizer_class\": \"PreTrainedTokenizerFast\" in %s, else correct the file"
              .formatted(files.tokenizer(), key, part, name, own, files.config()));
    }
  }

  private ObjectNode byteLevel() {
    JsonNode space = config.path("add_prefix_space");
    return part("ByteLevel")
        .<ObjectNode>set(
            "add_prefix_space", space.isMissingNode() ? JSON.booleanNode(false) : space)
        .put("use_regex", true);
  }

  private static ObjectNode part(String type) {
    return JSON.objectNode().put("type", type);
  }
}
