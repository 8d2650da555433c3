package dev.castalia.scorer;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Keeps what was used last, up to a total weight. Who asks for what another is just making waits
 * for it, and nobody else does. Thread-safe.
 */
final class Recent<K, V> {

  private final long most;
  private final ToLongFunction<V> weigher;

  /** In the order of use. */
  private final Map<K, Place<V>> places = new LinkedHashMap<>(16, 0.75f, true);

  private long total;

  /** For one value: empty while it is made, which its lock stands for. */
  private static final class Place<V> {
    private V value;
    private long weight;
  }

  /**
   * @param most weight to keep; one heavier value is kept alone
   * @param weigher of values, above 0
   */
  Recent(long most, ToLongFunction<V> weigher) {
    this.most = most;
    this.weigher = weigher;
  }

  /** The value that is kept for the key, or else the one that is made, never null. */
  V get(K key, Supplier<V> make) {
    Place<V> place;
    synchronized (places) {
      place = places.computeIfAbsent(key, _ -> new Place<>());
    }
    synchronized (place) {
      if (place.value == null) {
        try {
          V made = make.get();
          keep(key, place, weigher.applyAsLong(made));
          place.value = made;
        } finally {
          forgetIfEmpty(key, place);
        }
      }
      return place.value;
    }
  }

  private void keep(K key, Place<V> place, long weight) {
    synchronized (places) {
      if (places.get(key) != place) {
        return;
      }
      place.weight = weight;
      total += weight;
      Iterator<Place<V>> oldest = places.values().iterator();
      while (total > most && oldest.hasNext()) {
        Place<V> old = oldest.next();
        if (old != place && old.weight > 0) {
          total -= old.weight;
          oldest.remove();
        }
      }
    }
  }

  private void forgetIfEmpty(K key, Place<V> place) {
    if (place.value == null) {
      synchronized (places) {
        places.remove(key, place);
      }
    }
  }
}
