package dev.castalia.topology.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The part of a processor's store whose keys share a prefix: a sorted map of one type of value. One
 * store of several sections restores, commits and uses memory as one.
 *
 * @param <V> what the section holds
 */
public final class Section<V extends SpecificRecord> {

  private static final StringSerializer STRING = new StringSerializer();

  private final KeyValueStore<String, SpecificRecord> store;
  private final String prefix;
  private final Class<V> type;

  /**
   * What was read or written last, as objects, null for nothing; the store has the same as bytes.
   */
  private final Map<String, V> latest;

  /**
   * @param name one character that no other section of the store has
   */
  public Section(KeyValueStore<String, SpecificRecord> store, char name, Class<V> type) {
    this(store, name, type, 0);
  }

  /**
   * @param name one character that no other section of the store has
   * @param kept values that are kept as objects, which spares decoding those that are changed again
   *     and again, and asking again and again for those that are not there; whoever changes such a
   *     value puts it, too
   */
  public Section(KeyValueStore<String, SpecificRecord> store, char name, Class<V> type, int kept) {
    this.store = store;
    this.prefix = name + "|";
    this.type = type;
    this.latest =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > kept;
          }
        };
  }

  /** The value, or null. */
  public V get(String key) {
    V value = latest.get(key);
    if (value == null && !latest.containsKey(key)) {
      value = type.cast(store.get(prefix + key));
      latest.put(key, value);
    }
    return value;
  }

  public void put(String key, V value) {
    store.put(prefix + key, value);
    latest.put(key, value);
  }

  public void remove(String key) {
    // To delete would read and decode what was there.
    put(key, null);
  }

  /** Keys and values whose key starts so, in the order of the keys' bytes. To be closed. */
  public Entries<V> startingWith(String start) {
    return new Entries<>(store.prefixScan(prefix + start, STRING), prefix.length(), type);
  }

  /**
   * Entries from a key on, that key left out, in the order of the keys' bytes. To be closed.
   *
   * @param after empty for the first
   */
  public Entries<V> after(String after) {
    // "}" follows "|", so the range ends with the section.
    String end = prefix.charAt(0) + "}";
    return new Entries<>(store.range(prefix + after + "\0", end), prefix.length(), type);
  }

  /**
   * Entries from a key on up to another, both included, in the order of the keys' bytes. To be
   * closed.
   */
  public Entries<V> between(String from, String to) {
    return new Entries<>(store.range(prefix + from, prefix + to), prefix.length(), type);
  }

  /** Calls with every entry whose key starts so. The section may be changed meanwhile. */
  public void forEach(String start, BiConsumer<String, V> action) {
    List<KeyValue<String, V>> entries = new ArrayList<>();
    try (Entries<V> found = startingWith(start)) {
      found.forEachRemaining(entries::add);
    }
    entries.forEach(entry -> action.accept(entry.key, entry.value));
  }

  /** Entries of a section, without its prefix. */
  public static final class Entries<V>
      implements AutoCloseable, java.util.Iterator<KeyValue<String, V>> {

    private final KeyValueIterator<String, SpecificRecord> iterator;
    private final int prefixLength;
    private final Class<V> type;

    private Entries(
        KeyValueIterator<String, SpecificRecord> iterator, int prefixLength, Class<V> type) {
      this.iterator = iterator;
      this.prefixLength = prefixLength;
      this.type = type;
    }

    @Override
    public boolean hasNext() {
      return iterator.hasNext();
    }

    @Override
    public KeyValue<String, V> next() {
      KeyValue<String, SpecificRecord> next = iterator.next();
      return KeyValue.pair(next.key.substring(prefixLength), type.cast(next.value));
    }

    @Override
    public void close() {
      iterator.close();
    }
  }
}
