package dev.castalia.scoring.tokens;

import java.util.Arrays;

/**
 * Encodes a context and a continuation as lm-evaluation-harness does ({@code _encode_pair}).
 * Remembers the last context, since the choices of a question share it; for one thread.
 */
public final class PairEncoder {

  private final Tokenizer tokenizer;
  private String lastContext = "";
  private int[] lastTokens = new int[0];

  public PairEncoder(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * White space at the context's end goes to the continuation; the continuation is what the whole
   * text's tokens have beyond the context's.
   */
  public TokenPair encode(String context, String continuation) {
    int[] head = head(context.substring(0, PythonSpace.endWithoutSpace(context)));
    int[] whole = tokenizer.encode(context + continuation);
    int from = Math.min(head.length, whole.length);
    return new TokenPair(head, Arrays.copyOfRange(whole, from, whole.length));
  }

  private int[] head(String context) {
    if (!context.equals(lastContext)) {
      lastTokens = tokenizer.encode(context);
      lastContext = context;
    }
    return lastTokens;
  }
}
