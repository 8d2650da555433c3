package dev.castalia.scoring.tokens;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.SmallJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What a {@code tokenizer.json} says that some classes of transformers put their own for. */
@JsonIgnoreProperties(ignoreUnknown = true)
record TokenizerParts(
    JsonNode normalizer,
    @JsonProperty("pre_tokenizer") JsonNode preTokenizer,
    @JsonProperty("added_tokens") List<JsonNode> added,
    Model model) {

  /** A vocabulary of 262,000 and its 514,000 merges, as pairs, are 2.6 million tokens of JSON. */
  private static final SmallJson JSON = new SmallJson(4_000_000);

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Model(@JsonProperty("ignore_merges") boolean ignoreMerges) {}

  TokenizerParts {
    added = added == null ? List.of() : added;
    normalizer = alone(normalizer, "normalizers");
    preTokenizer = alone(preTokenizer, "pretokenizers");
    if (preTokenizer instanceof ObjectNode part && part.path("type").asText().equals("ByteLevel")) {
      // Where a token ends in the text is nothing to its id; older files say nothing of the regex.
      part.remove("trim_offsets");
      part.putIfAbsent("use_regex", part.booleanNode(true));
    }
  }

  /**
   * @param file it is of
   * @throws CheckpointException if it is more JSON than a vocabulary and its merges are
   * @throws IOException if it is not JSON of that form
   */
  static TokenizerParts of(Path file, byte[] tokenizer) throws IOException {
    return JSON.read(file, tokenizer, TokenizerParts.class);
  }

  List<AddedToken> addedTokens() {
    return added.stream().map(token -> AddedToken.of(token.path("id").asText(), token)).toList();
  }

  /** Whether a word that is a token becomes that token even where merges lead elsewhere. */
  boolean ignoreMerges() {
    return model.ignoreMerges();
  }

  /** The part, or the only one of a sequence; null as JSON has it where there is none. */
  private static JsonNode alone(JsonNode part, String sequence) {
    if (part == null) {
      return NullNode.instance;
    }
    return part.path("type").asText().equals("Sequence") && part.path(sequence).size() == 1
        ? alone(part.path(sequence).get(0), sequence)
        : part;
  }
}
