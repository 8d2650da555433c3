package dev.castalia.scoring.tokens;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.SmallFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A {@code tokenizer.json} as it was read, with what lies beside it: which one it is, before native
 * memory is taken for it.
 */
public final class TokenizerContent {

  private final TokenizerFiles files;
  private final byte[] tokenizer;
  private final String identity;

  private TokenizerContent(TokenizerFiles files, byte[] tokenizer, String identity) {
    this.files = files;
    this.tokenizer = tokenizer;
    this.identity = identity;
  }

  /**
   * Reads a {@code tokenizer.json}, or the one in a folder.
   *
   * @throws CheckpointException if it is missing, or it or what lies beside it cannot be read
   */
  public static TokenizerContent read(Path path) {
    TokenizerFiles files = TokenizerFiles.at(path);
    Path file = files.tokenizer();
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          file + ": no tokenizer there; give the tokenizer.json that the model was trained with");
    }
    byte[] tokenizer = bytes(file, TokenizerFiles.MOST_BYTES);
    MessageDigest all = sha256();
    for (Path one : files.all()) {
      byte[] content =
          one.equals(file)
              ? tokenizer
              : Files.exists(one) ? bytes(one, TokenizerFiles.MOST_BESIDE) : new byte[0];
      all.update(ByteBuffer.allocate(Integer.BYTES).putInt(content.length).flip());
      all.update(content);
    }
    return new TokenizerContent(files, tokenizer, HexFormat.of().formatHex(all.digest()));
  }

  /** SHA-256 of all its files: equal ones make equal tokenizers. */
  public String identity() {
    return identity;
  }

  /**
   * Takes the native memory.
   *
   * @throws CheckpointException if it is not a tokenizer, what lies beside it does not belong to
   *     it, or the harness would make other tokens of a text with the two
   */
  public Tokenizer open() {
    JsonFile config = JsonFile.read(files.config());
    TokenizerClass loaded = TokenizerClass.of(files, config.json());
    SpecialTokens special = SpecialTokens.of(files, config, loaded);
    // First: nothing bounds what the library takes for a file.
    TokenizerParts parts = parts();
    HuggingFaceTokenizer opened = opened();
    try {
      loaded.check(parts, List.of(opened.encode("", true, false).getTokens()));
      new AddedTokens(files, config, loaded).check(parts.addedTokens());
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
    return new Tokenizer(opened, HexFormat.of().formatHex(sha256().digest(tokenizer)), special);
  }

  private TokenizerParts parts() {
    try {
      return TokenizerParts.of(files.tokenizer(), tokenizer);
    } catch (JsonProcessingException e) {
      throw noTokenizer(e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw noTokenizer(e.getMessage(), e);
    }
  }

  private HuggingFaceTokenizer opened() {
    try {
      return Tokenizer.open(tokenizer);
    } catch (IOException | RuntimeException e) {
      throw noTokenizer(e.getMessage(), e);
    }
  }

  private CheckpointException noTokenizer(String why, Exception cause) {
    return new CheckpointException(
        files.tokenizer() + ": not a tokenizer.json of the tokenizers library: " + why, cause);
  }

  private static byte[] bytes(Path file, int most) {
    try {
      return SmallFile.read(file, most);
    } catch (IOException e) {
      throw CheckpointException.unreadable(file, e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
