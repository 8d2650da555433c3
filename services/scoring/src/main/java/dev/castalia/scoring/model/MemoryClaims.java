package dev.castalia.scoring.model;

import dev.castalia.scoring.EvaluationException;
import dev.castalia.scoring.checkpoint.Checkpoint;
import java.util.function.Supplier;
import java.util.logging.Logger;

/**
 * What the open models of a process may take of the machine's memory. A model takes much of it only
 * with its first long batch; until then it looks available to the next one. Safe for use by several
 * threads.
 */
final class MemoryClaims {

  private static final Logger LOG = Logger.getLogger(MemoryClaims.class.getName());

  static final MemoryClaims OF_THIS_PROCESS = new MemoryClaims(Memory::ofThisProcess);

  private final Supplier<Memory> memory;

  /** The most that there is known to be without the open models. */
  private long available;

  private long claimed;

  MemoryClaims(Supplier<Memory> memory) {
    this.memory = memory;
  }

  /**
   * A model's part, given back when closed.
   *
   * @param options as they fit into it
   * @param giveBack ends the claim
   */
  record Claim(ModelOptions options, Runnable giveBack) implements AutoCloseable {

    /** Of a device whose memory nobody can tell. */
    static Claim nothing(ModelOptions options) {
      return new Claim(options, () -> {});
    }

    @Override
    public void close() {
      giveBack.run();
    }
  }

  /**
   * Claims what the model needs, with fewer tokens a batch where memory is short.
   *
   * @throws EvaluationException if it does not fit beside those that are open
   */
  synchronized Claim claim(Checkpoint checkpoint, ModelOptions options) {
    Memory now = memory.get();
    // Without the open models there is no less than beside them.
    available = claimed == 0 ? now.available() : Math.max(available, now.available());
    long unclaimed = Math.max(0, Math.min(now.available(), available - claimed));
    ModelOptions fitted = new Memory(unclaimed, now.total()).fitted(checkpoint, options);
    if (fitted.tokenBudget() < options.tokenBudget()) {
      LOG.info(
          "%s: %d tokens a batch and not %d, for want of memory: %d MiB are not claimed"
              .formatted(
                  checkpoint.folder(),
                  fitted.tokenBudget(),
                  options.tokenBudget(),
                  unclaimed >> 20));
    }
    long need = Memory.needOf(checkpoint, fitted);
    claimed += need;
    return new Claim(fitted, () -> giveBack(need));
  }

  private synchronized void giveBack(long bytes) {
    claimed -= bytes;
  }
}
