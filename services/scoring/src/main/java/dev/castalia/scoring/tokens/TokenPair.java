package dev.castalia.scoring.tokens;

import dev.castalia.scoring.model.Passage;
import java.util.Arrays;

/**
 * A context and the continuation whose likelihood is asked for, as tokens.
 *
 * @param context may be empty: the model's prefix token then stands for it
 * @param continuation at least one token
 */
public record TokenPair(int[] context, int[] continuation) {

  /**
   * The pair as the model reads it: cut from the left to the last {@code limit} + 1 tokens, and
   * without the last, which is only predicted.
   *
   * @param prefixToken stands for an empty context, unless the continuation begins with it
   * @param limit the model's context, in tokens
   * @throws IllegalArgumentException if the continuation alone does not fit
   */
  public Passage passage(int prefixToken, int limit) {
    int[] all = whole(prefixToken);
    int count = Math.min(continuation.length, all.length - 1);
    if (count > limit) {
      throw new IllegalArgumentException(
          "a continuation of %d tokens does not fit into a context of %d".formatted(count, limit));
    }
    int[] input = Arrays.copyOfRange(all, Math.max(0, all.length - (limit + 1)), all.length - 1);
    return new Passage(input, Arrays.copyOfRange(all, all.length - count, all.length));
  }

  private int[] whole(int prefixToken) {
    if (context.length == 0 && continuation[0] == prefixToken) {
      return continuation;
    }
    int[] head = context.length == 0 ? new int[] {prefixToken} : context;
    int[] all = Arrays.copyOf(head, head.length + continuation.length);
    System.arraycopy(continuation, 0, all, head.length, continuation.length);
    return all;
  }
}
