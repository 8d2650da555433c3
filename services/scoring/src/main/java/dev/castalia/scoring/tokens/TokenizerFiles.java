package dev.castalia.scoring.tokens;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The files of a tokenizer: one says how a text becomes tokens; three beside it, if they are there,
 * say which tokens are special or added.
 *
 * @param tokenizer mostly called {@code tokenizer.json}
 */
public record TokenizerFiles(Path tokenizer) {

  /** The one without which there is no tokenizer. */
  public static final String TOKENIZER = "tokenizer.json";

  /** Bytes of that one; for 256,000 tokens it has 34 million. */
  static final int MOST_BYTES = 100_000_000;

  /** Bytes of one beside it. */
  static final int MOST_BESIDE = 16_000_000;

  private static final String CONFIG = "tokenizer_config.json";
  private static final String SPECIAL_TOKENS = "special_tokens_map.json";
  private static final String ADDED_TOKENS = "added_tokens.json";

  /** What they are called in a repository. */
  public static final List<String> NAMES = List.of(TOKENIZER, CONFIG, SPECIAL_TOKENS, ADDED_TOKENS);

  /** Those that every version of transformers writes; older ones also write the others. */
  public static final List<String> ALWAYS_WRITTEN = List.of(TOKENIZER, CONFIG);

  /** Those among the files of a repository. */
  public static List<String> among(Set<String> available) {
    return NAMES.stream().filter(available::contains).toList();
  }

  /** Those of a {@code tokenizer.json}, or of the one in a folder. */
  public static TokenizerFiles at(Path path) {
    return new TokenizerFiles(Files.isDirectory(path) ? path.resolve(TOKENIZER) : path);
  }

  Path config() {
    return tokenizer.resolveSibling(CONFIG);
  }

  Path specialTokens() {
    return tokenizer.resolveSibling(SPECIAL_TOKENS);
  }

  Path addedTokens() {
    return tokenizer.resolveSibling(ADDED_TOKENS);
  }

  /** In the order of their names, whether they are there or not. */
  public List<Path> all() {
    return List.of(tokenizer, config(), specialTokens(), addedTokens());
  }
}
