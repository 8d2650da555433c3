package dev.castalia.scoring.tokens;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.castalia.scoring.CheckpointException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * A {@code tokenizer.json}: text to token ids, nothing added, nothing cut, nothing padded.
 * Thread-safe until closed; holds native memory. One that several share need not be closed: the
 * memory is given back once none of them refers to it any more.
 */
public final class Tokenizer implements AutoCloseable {

  static {
    // The library would otherwise look for a GPU's build of itself on the network, and report home.
    System.setProperty("RUST_FLAVOR", "cpu");
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  private static final Map<String, String> OPTIONS =
      Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

  private static final Cleaner UNREACHABLE = Cleaner.create();

  private final HuggingFaceTokenizer tokenizer;
  private final String fingerprint;
  private final Cleaner.Cleanable memory;

  Tokenizer(byte[] content, String fingerprint) throws IOException {
    this.tokenizer = HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(content), OPTIONS);
    this.fingerprint = fingerprint;
    this.memory = UNREACHABLE.register(this, tokenizer::close);
  }

  /**
   * Loads a {@code tokenizer.json}, or the one in a folder.
   *
   * @throws CheckpointException if it is missing or not a tokenizer
   */
  public static Tokenizer load(Path path) {
    return TokenizerFile.read(path).open();
  }

  /** The token ids of a text; empty for the empty text. */
  public int[] encode(String text) {
    if (text.isEmpty()) {
      return new int[0];
    }
    try {
      return Arrays.stream(tokenizer.encode(text, false, false).getIds())
          .mapToInt(Math::toIntExact)
          .toArray();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** The text of tokens, special ones included. */
  public String decode(int[] tokens) {
    try {
      return tokenizer.decode(Arrays.stream(tokens).asLongStream().toArray(), false);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** SHA-256 of the file, 64 hexadecimal digits: equal ones make equal tokens. */
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public void close() {
    memory.clean();
  }
}
