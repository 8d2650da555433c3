package dev.castalia.scorer;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What other threads make. */
final class Futures {

  private Futures() {}

  /** Waits for it; throws what its maker ran into, as it is. */
  static <V> V join(CompletableFuture<V> made) {
    try {
      return made.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw e;
      }
    }
  }
}
