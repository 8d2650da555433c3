package dev.castalia.scoring.model;

/**
 * How a model runs; none of it changes the results beyond float32 rounding.
 *
 * @param threads of the runtime for one operation, at least 1
 * @param tokenBudget tokens a batch, padding included; a single longer row still runs, alone
 * @param logitBudget most logits at once (rows × vocabulary); bounds the largest tensor
 */
public record ModelOptions(int threads, int tokenBudget, int logitBudget) {

  public static final ModelOptions DEFAULT = new ModelOptions(1, 2048, 1 << 24);

  public ModelOptions {
    if (threads < 1 || tokenBudget < 1 || logitBudget < 1) {
      throw new IllegalArgumentException(
          "threads %d, tokenBudget %d, logitBudget %d: each must be at least 1"
              .formatted(threads, tokenBudget, logitBudget));
    }
  }

  public ModelOptions withThreads(int threads) {
    return new ModelOptions(threads, tokenBudget, logitBudget);
  }

  public ModelOptions withTokenBudget(int tokenBudget) {
    return new ModelOptions(threads, tokenBudget, logitBudget);
  }
}
