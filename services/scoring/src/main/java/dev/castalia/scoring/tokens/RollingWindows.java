package dev.castalia.scoring.tokens;

import dev.castalia.scoring.model.Passage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a long text into the passages that predict each of its tokens once, as
 * lm-evaluation-harness's {@code get_rolling_token_windows} does with a context length of 1.
 */
public final class RollingWindows {

  private RollingWindows() {}

  /**
   * The first window is the prefix token and all but the last of the first L tokens, predicting
   * those L. Each further one predicts up to L more tokens from the up to L before their last: so
   * the last, short one keeps as much of the text before its targets as fits.
   *
   * @param limit L, the model's context
   */
  public static List<Passage> of(int[] tokens, int prefixToken, int limit) {
    List<Passage> windows = new ArrayList<>();
    for (int from = 0; from < tokens.length; from += limit) {
      int to = Math.min(tokens.length, from + limit);
      int[] targets = Arrays.copyOfRange(tokens, from, to);
      windows.add(new Passage(input(tokens, prefixToken, from, to, limit), targets));
    }
    return windows;
  }

  private static int[] input(int[] tokens, int prefixToken, int from, int to, int limit) {
    if (from > 0) {
      return Arrays.copyOfRange(tokens, to - 1 - limit, to - 1);
    }
    int[] input = new int[to];
    input[0] = prefixToken;
    System.arraycopy(tokens, 0, input, 1, to - 1);
    return input;
  }
}
