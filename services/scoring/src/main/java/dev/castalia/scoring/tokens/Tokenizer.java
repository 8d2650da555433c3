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
import java.util.OptionalInt;

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
  private final OptionalInt prefixToken;
  private final Cleaner.Cleanable memory;

  /**
   * @param opened closed with this, or at once if the tokens do not suit it
   */
  Tokenizer(HuggingFaceTokenizer opened, String fingerprint, SpecialTokens special) {
    this.tokenizer = opened;
    this.fingerprint = fingerprint;
    this.memory = UNREACHABLE.register(this, opened::close);
    try {
      special.check(this::id);
      this.prefixToken = special.prefix(this::id);
    } catch (CheckpointException e) {
      memory.clean();
      throw e;
    }
  }

  /** Takes native memory for the content of a {@code tokenizer.json}, the caller's to close. */
  static HuggingFaceTokenizer open(byte[] content) throws IOException {
    return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(content), OPTIONS);
  }

  /**
   * Loads a {@code tokenizer.json}, or the one in a folder, and what lies beside it.
   *
   * @throws CheckpointException if it is missing or not a tokenizer, or what lies beside it does
   *     not belong to it
   */
  public static Tokenizer load(Path path) {
    return TokenizerContent.read(path).open();
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
    memory.clean();
  }
}
