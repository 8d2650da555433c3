package dev.castalia.scorer;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Keeps what is used most, up to a total weight. Who asks for what another is just making waits for
 * it, and nobody else does. Thread-safe.
 */
final class Kept<K, V> {

  private final AsyncCache<K, V> kept;

  /**
   * @param most weight to keep; one heavier value counts as so heavy
   * @param weigher of values, above 0
   */
  Kept(int most, ToLongFunction<V> weigher) {
    this.kept =
        Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumWeight(most)
            .weigher((K _, V value) -> (int) Math.min(most, weigher.applyAsLong(value)))
            .buildAsync();
  }

  /** The value that is kept for the key, or else the one that is made, never null. */
  V get(K key, Supplier<V> make) {
    CompletableFuture<V> mine = new CompletableFuture<>();
    CompletableFuture<V> others = kept.asMap().putIfAbsent(key, mine);
    if (others != null) {
      return Futures.join(others);
    }
    try {
      V made = make.get();
      mine.complete(made);
      return made;
    } catch (Throwable e) {
      mine.completeExceptionally(e);
      throw e;
    }
  }
}
