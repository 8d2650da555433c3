package dev.castalia.scoring.tokens;

import dev.castalia.scoring.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A {@code tokenizer.json} as it was read: which one it is, before native memory is taken for it.
 */
public final class TokenizerFile {

  private final Path file;
  private final byte[] content;
  private final String fingerprint;

  private TokenizerFile(Path file, byte[] content) {
    this.file = file;
    this.content = content;
    this.fingerprint = sha256(content);
  }

  /**
   * Reads a {@code tokenizer.json}, or the one in a folder.
   *
   * @throws CheckpointException if it is missing or cannot be read
   */
  public static TokenizerFile read(Path path) {
    Path file = Files.isDirectory(path) ? path.resolve("tokenizer.json") : path;
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          file + ": no tokenizer there; give the tokenizer.json that the model was trained with");
    }
    try {
      return new TokenizerFile(file, Files.readAllBytes(file));
    } catch (IOException e) {
      throw CheckpointException.unreadable(file, e);
    }
  }

  /** SHA-256 of the content, 64 hexadecimal digits: equal ones make equal tokens. */
  public String fingerprint() {
    return fingerprint;
  }

  /**
   * Takes the native memory.
   *
   * @throws CheckpointException if it is not a tokenizer
   */
  public Tokenizer open() {
    try {
      return new Tokenizer(content, fingerprint);
    } catch (IOException | RuntimeException e) {
      throw new CheckpointException(
          file + ": not a tokenizer.json of the tokenizers library: " + e.getMessage(), e);
    }
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
