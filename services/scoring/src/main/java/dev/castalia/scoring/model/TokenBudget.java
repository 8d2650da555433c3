package dev.castalia.scoring.model;

import ai.onnxruntime.OrtException;
import dev.castalia.scoring.EvaluationException;
import dev.castalia.scoring.checkpoint.Checkpoint;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * How many tokens go through the runtime at once: as many as asked for at first, half as many
 * whenever the memory runs out, down to a single row. It stays halved: the next batch would run out
 * again. For one thread.
 */
final class TokenBudget {

  /** Takes one batch through the model. */
  @FunctionalInterface
  interface Run {
    void run(Batch batch) throws OrtException;
  }

  /** What went through: tokens, and the places for them, padding included. */
  record Spent(long tokens, long places) {}

  private final Checkpoint checkpoint;
  private Limits limits;

  TokenBudget(Checkpoint checkpoint, Limits limits) {
    this.checkpoint = checkpoint;
    this.limits = limits;
  }

  Limits limits() {
    return limits;
  }

  /**
   * Runs the batches in their order, those in parts that exceed the budget.
   *
   * @param progress told after every part
   * @throws EvaluationException if the runtime fails, or one row is too much for the memory
   */
  Spent run(List<Batch> batches, Run run, Progress progress) {
    Deque<Batch> left = new ArrayDeque<>(batches);
    long total = batches.stream().mapToLong(Batch::tokens).sum();
    Spent spent = new Spent(0, 0);
    while (!left.isEmpty()) {
      Batch batch = left.removeFirst();
      if (batch.rows().size() > 1 && batch.held() > limits.tokens()) {
        batch.split(limits).reversed().forEach(left::addFirst);
        continue;
      }
      try {
        run.run(batch);
      } catch (OrtException | OutOfMemoryError e) {
        halve(batch, e);
        left.addFirst(batch);
        continue;
      }
      spent = new Spent(spent.tokens() + batch.tokens(), spent.places() + batch.places());
      progress.batchDone(spent.tokens(), total);
    }
    return spent;
  }

  private void halve(Batch batch, Throwable failure) {
    if (batch.rows().size() == 1 || !isOutOfMemory(failure)) {
      throw failure(batch.past() + batch.length() + batch.growth(), failure);
    }
    limits = limits.withTokens(Math.toIntExact(Math.max(1, batch.held() / 2)));
  }

  /**
   * What it means that one row failed.
   *
   * @param tokens of the row, with those that went before
   * @param failure the runtime's, or Java's want of memory
   */
  EvaluationException failure(int tokens, Throwable failure) {
    return isOutOfMemory(failure)
        ? EvaluationException.outOfMemory(
            "%s: no memory for one row of %d tokens: %s; run it where there is more, or leave the task out for this model"
                .formatted(checkpoint.folder(), tokens, failure.getMessage()),
            false,
            failure)
        : Sessions.failure(checkpoint, "running", (OrtException) failure);
  }

  /** Whether that is what the runtime, or Java, says where there is no more memory. */
  static boolean isOutOfMemory(Throwable failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return failure instanceof OutOfMemoryError
        || message.contains("bad_alloc")
        || message.contains("out of memory")
        || message.contains("failed to allocate")
        || message.contains("alloc_failed");
  }
}
