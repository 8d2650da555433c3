package dev.castalia.gateway.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Asks a question once for all who want it answered at the same time, and never twice at once. No
 * answer is older than the wish for it: who comes while one is sought shares the next.
 */
public final class Coalesced<T> {

  private final Supplier<T> question;
  private final ReentrantLock turn = new ReentrantLock();
  private CompletableFuture<T> next;

  public Coalesced(Supplier<T> question) {
    this.question = question;
  }

  /**
   * The answer, to a question that is not asked before this is called.
   *
   * @throws RuntimeException what the question throws, to all who share it
   */
  public T get() {
    CompletableFuture<T> own = new CompletableFuture<>();
    CompletableFuture<T> shared = joined(own);
    if (shared == own) {
      ask(own);
    }
    try {
      return shared.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  private synchronized CompletableFuture<T> joined(CompletableFuture<T> own) {
    if (next == null) {
      next = own;
    }
    return next;
  }

  private synchronized void closeToOthers() {
    next = null;
  }

  private void ask(CompletableFuture<T> answer) {
    turn.lock();
    try {
      closeToOthers();
      answer.complete(question.get());
    } catch (RuntimeException | Error e) {
      answer.completeExceptionally(e);
    } finally {
      turn.unlock();
    }
  }
}
