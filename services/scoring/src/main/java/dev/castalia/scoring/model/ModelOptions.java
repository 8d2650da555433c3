package dev.castalia.scoring.model;

import dev.castalia.scoring.graph.Precision;

/**
 * How a model runs. But for the precision, none of it changes the results beyond rounding.
 *
 * @param threads of the runtime for one operation, at least 1
 * @param tokenBudget tokens a batch, padding included; a single longer row still runs, alone
 * @param logitBudget most logits at once (rows × vocabulary); bounds the largest tensor
 * @param recording whether the runtime writes down how long each operator takes, which costs time
 */
public record ModelOptions(
    int threads,
    int tokenBudget,
    int logitBudget,
    Precision precision,
    Device device,
    boolean recording) {

  public static final ModelOptions DEFAULT =
      new ModelOptions(
          1, Device.CPU.tokens(), Device.CPU.logits(), Precision.FLOAT32, Device.CPU, false);

  public ModelOptions {
    if (threads < 1 || tokenBudget < 1 || logitBudget < 1) {
      throw new IllegalArgumentException(
          "threads %d, tokenBudget %d, logitBudget %d: each must be at least 1"
              .formatted(threads, tokenBudget, logitBudget));
    }
  }

  public ModelOptions withThreads(int threads) {
    return new ModelOptions(threads, tokenBudget, logitBudget, precision, device, recording);
  }

  public ModelOptions withTokenBudget(int tokenBudget) {
    return new ModelOptions(threads, tokenBudget, logitBudget, precision, device, recording);
  }

  public ModelOptions withLogitBudget(int logitBudget) {
    return new ModelOptions(threads, tokenBudget, logitBudget, precision, device, recording);
  }

  public ModelOptions withPrecision(Precision precision) {
    return new ModelOptions(threads, tokenBudget, logitBudget, precision, device, recording);
  }

  /** On a device, with the budgets that become it. */
  public ModelOptions withDevice(Device device) {
    return new ModelOptions(
        threads, device.tokens(), device.logits(), precision, device, recording);
  }

  Limits limits() {
    return device.limits(tokenBudget);
  }

  public ModelOptions recorded() {
    return new ModelOptions(threads, tokenBudget, logitBudget, precision, device, true);
  }
}
