package dev.castalia.cli.mesh;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * Threads that work until they are told to stop. Who waits for what they do fails as soon as one of
 * them does.
 */
final class Workers implements AutoCloseable {

  private final ExecutorService threads;
  private final List<CompletableFuture<Void>> workers = new ArrayList<>();
  private volatile boolean stopping;

  Workers(int most) {
    this.threads = Executors.newFixedThreadPool(most);
  }

  /**
   * @param work returns soon once they are {@link #stopping}
   */
  void start(Runnable work) {
    workers.add(CompletableFuture.runAsync(work, threads));
  }

  boolean stopping() {
    return stopping;
  }

  /** Waits for two minutes unless told otherwise; is not interrupted. */
  ConditionFactory await() {
    return Awaitility.await().failFast(this::requireAllWell);
  }

  /** Fails as the first of them failed, if one did. */
  void requireAllWell() {
    workers.stream()
        .filter(CompletableFuture::isCompletedExceptionally)
        .forEach(CompletableFuture::join);
  }

  /** Ends them, and fails as the first of them failed, if one did. */
  @Override
  public void close() {
    stopping = true;
    threads.close();
    requireAllWell();
  }
}
