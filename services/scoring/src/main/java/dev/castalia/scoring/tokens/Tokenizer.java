package dev.castalia.scoring.tokens;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.castalia.scoring.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalInt;

/**
 * A {@code tokenizer.json}: text to token ids, nothing added, nothing cut, nothing padded.
 * Thread-safe until closed; holds native memory.
 */
public final class Tokenizer implements AutoCloseable {

  static {
    // The library would otherwise look for a GPU's build of itself on the network, and report home.
    System.setProperty("RUST_FLAVOR", "cpu");
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  private final HuggingFaceTokenizer tokenizer;
  private final String fingerprint;
  private final OptionalInt prefixToken;

  private Tokenizer(HuggingFaceTokenizer tokenizer, String fingerprint, SpecialTokens special) {
    this.tokenizer = tokenizer;
    this.fingerprint = fingerprint;
    this.prefixToken = special.prefix(this::id);
  }

  /**
   * Loads a {@code tokenizer.json}, or the one in a folder, and what lies beside it.
   *
   * @throws CheckpointException if it is missing or not a tokenizer, or what lies beside it does
   *     not belong to it
   */
  public static Tokenizer load(Path path) {
    TokenizerFiles files = TokenizerFiles.at(path);
    Path file = files.tokenizer();
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          file + ": no tokenizer there; give the tokenizer.json that the model was trained with");
    }
    SpecialTokens special = SpecialTokens.of(files);
    String fingerprint;
    try {
      fingerprint = sha256(Files.readAllBytes(file));
    } catch (IOException e) {
      throw CheckpointException.unreadable(file, e);
    }
    HuggingFaceTokenizer tokenizer = open(file);
    try {
      return new Tokenizer(tokenizer, fingerprint, special);
    } catch (CheckpointException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static HuggingFaceTokenizer open(Path file) {
    try {
      return HuggingFaceTokenizer.builder()
          .optTokenizerPath(file)
          .optAddSpecialTokens(false)
          .optTruncation(false)
          .optPadding(false)
          .build();
    } catch (IOException e) {
      throw CheckpointException.unreadable(file, e);
    } catch (RuntimeException e) {
      throw new CheckpointException(
          file + ": not a tokenizer.json of the tokenizers library: " + e.getMessage(), e);
    }
  }

  /** The token ids of a text; empty for the empty text. */
  public int[] encode(String text) {
    if (text.isEmpty()) {
      return new int[0];
    }
    return Arrays.stream(tokenizer.encode(text, false, false).getIds())
        .mapToInt(Math::toIntExact)
        .toArray();
  }

  /** The text of tokens, special ones included. */
  public String decode(int[] tokens) {
    return tokenizer.decode(Arrays.stream(tokens).asLongStream().toArray(), false);
  }

  /**
   * What stands for an empty context: the token that begins texts, else the one that ends them;
   * empty where what lies beside the {@code tokenizer.json} names neither.
   */
  public OptionalInt prefixToken() {
    return prefixToken;
  }

  /** The id of a text that is one token. */
  private OptionalInt id(String token) {
    int[] tokens = encode(token);
    return tokens.length == 1 && decode(tokens).equals(token)
        ? OptionalInt.of(tokens[0])
        : OptionalInt.empty();
  }

  /** SHA-256 of the file, 64 hexadecimal digits: equal ones make equal tokens. */
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public void close() {
    tokenizer.close();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
