package dev.castalia.scoring.tokens;

import static java.util.function.Predicate.not;

import com.fasterxml.jackson.databind.JsonNode;
import dev.castalia.scoring.CheckpointException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the files beside a {@code tokenizer.json} say of its added tokens, which transformers 5
 * believes.
 */
final class AddedTokens {

  private static final String DECODER = "added_tokens_decoder";

  private final TokenizerFiles files;
  private final JsonFile config;
  private final TokenizerClass loaded;

  /**
   * @param config the {@code tokenizer_config.json}
   * @param loaded what the tokenizer is loaded as
   */
  AddedTokens(TokenizerFiles files, JsonFile config, TokenizerClass loaded) {
    this.files = files;
    this.config = config;
    this.loaded = loaded;
  }

  /**
   * Sees to it that the harness finds the tokens of the {@code tokenizer.json} in a text, and no
   * others.
   *
   * @throws CheckpointException if it does not, or another file is not a JSON object
   */
  void check(List<AddedToken> tokens) {
    if (config.json().has(DECODER)) {
      List<AddedToken> taken =
          config.json().get(DECODER).properties().stream()
              .map(entry -> AddedToken.of(entry.getKey(), entry.getValue()))
              .toList();
      requireAmong(tokens, taken, "has %s, which is not so in");
      if (loaded.putsItsOwn()) {
        requireAmong(taken, tokens, "lacks %s of");
      }
    } else {
      JsonFile added = JsonFile.read(files.addedTokens());
      Set<Map.Entry<String, String>> known =
          tokens.stream().map(it -> Map.entry(it.content(), it.id())).collect(Collectors.toSet());
      for (Map.Entry<String, JsonNode> entry : added.json().properties()) {
        String id = entry.getValue().asText();
        if (!known.contains(Map.entry(entry.getKey(), id))) {
          throw refused(
              added.file(), "'%s', %s, is no added token of".formatted(entry.getKey(), id));
        }
      }
    }
  }

  private void requireAmong(List<AddedToken> all, List<AddedToken> some, String otherwise) {
    some.stream()
        .filter(not(new HashSet<>(all)::contains))
        .findFirst()
        .ifPresent(
            token -> {
              throw refused(config.file(), DECODER + " " + otherwise.formatted(token));
            });
  }

  private static CheckpointException refused(Path file, String what) {
    return new CheckpointException(
        "%s: %s the tokenizer.json beside it, so that the harness makes other tokens of a text than that says; give the two that belong together"
            .formatted(file, what));
  }
}
