package dev.castalia.gateway.view;

import dev.castalia.schemas.Topic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The latest record of every key of one compacted topic, by key and by offset.
 *
 * <p>Because rows keep their offsets, what changed since a position is what lies behind it: no log
 * of changes is kept, a slow reader gets each key once, and any replica can tell it. Deletions are
 * kept for that too, the latest of them.
 *
 * <p>One thread writes; any number read meanwhile, and see each row whole.
 */
public final class View<V> {

  /** Is told of every change, by the thread that writes. */
  public interface Listener<V> {

    /**
     * @param before the row whose place is taken, or null
     * @param after the new row; its value is null when it deletes
     */
    void changed(Row<V> before, Row<V> after);

    /** Everything is gone: the topic will be read again from its beginning. */
    void cleared();
  }

  private final Topic topic;
  private final int deletionsKept;
  private final ConcurrentNavigableMap<String, Row<V>> rows = new ConcurrentSkipListMap<>();
  private final List<Listener<V>> listeners = new CopyOnWriteArrayList<>();
  private final Map<String, Row<V>> deletions = new LinkedHashMap<>();
  private volatile List<Log<V>> partitions = List.of();

  /** A row's place in its partition: a record may change several. */
  private record Place(long offset, String key) implements Comparable<Place> {

    static Place of(Row<?> row) {
      return new Place(row.offset(), row.key());
    }

    /** Before that of every row of that offset. */
    static Place before(long offset) {
      return new Place(offset, "");
    }

    @Override
    public int compareTo(Place other) {
      int byOffset = Long.compare(offset, other.offset);
      return byOffset != 0 ? byOffset : key.compareTo(other.key);
    }
  }

  /** The rows of one partition by offset, and how far it was read. */
  private static final class Log<V> {
    private final ConcurrentNavigableMap<Place, Row<V>> rows = new ConcurrentSkipListMap<>();

    /** Offset of the next record to read. */
    private volatile long position;

    /** Deletions before this offset may have been forgotten. */
    private volatile long forgotten;
  }

  /**
   * @param deletionsKept how many deleted keys are remembered
   */
  public View(Topic topic, int deletionsKept) {
    this.topic = topic;
    this.deletionsKept = deletionsKept;
  }

  public Topic topic() {
    return topic;
  }

  /** To be called before the first record is applied. */
  public void listen(Listener<V> listener) {
    listeners.add(listener);
  }

  public Optional<V> get(String key) {
    return row(key).map(Row::value);
  }

  public Optional<Row<V>> row(String key) {
    return Optional.ofNullable(rows.get(key));
  }

  /** All rows in the order of keys, as they come to be while one reads. */
  public Collection<Row<V>> rows() {
    return rows.values();
  }

  /**
   * The rows behind that key, in the order of keys.
   *
   * @param key of a row that there is, was or was not; null for all rows
   */
  public Collection<Row<V>> rowsAfter(String key) {
    return key == null ? rows() : rows.tailMap(key, false).values();
  }

  /** The rows whose key begins so, in the order of keys. */
  public Collection<Row<V>> rowsWithPrefix(String prefix) {
    return rows.subMap(prefix, true, prefix + Character.MAX_VALUE, false).values();
  }

  public int size() {
    return rows.size();
  }

  public int partitions() {
    return partitions.size();
  }

  /** Offset of the next record to read of each partition. Every record before it is in the rows. */
  public long[] position() {
    return partitions.stream().mapToLong(log -> log.position).toArray();
  }

  /**
   * The rows that changed from one position up to another, deletions included, in the order of
   * offsets of each partition.
   *
   * @param from what the reader has, as {@link #position} gave it, in this process or another's
   * @param to a position of this view
   * @return empty if that cannot be told any more: the reader must begin anew
   */
  public Optional<List<Row<V>>> changes(long[] from, long[] to) {
    List<Log<V>> logs = partitions;
    if (from.length != logs.size() || to.length != logs.size()) {
      return Optional.empty();
    }
    List<Row<V>> changes = new ArrayList<>();
    for (int i = 0; i < from.length; i++) {
      Log<V> log = logs.get(i);
      if (from[i] < log.forgotten) {
        return Optional.empty();
      }
      if (from[i] < to[i]) {
        changes.addAll(log.rows.subMap(Place.before(from[i]), Place.before(to[i])).values());
      }
    }
    return Optional.of(changes);
  }

  void clear(int partitionCount) {
    rows.clear();
    deletions.clear();
    List<Log<V>> logs = new ArrayList<>();
    for (int i = 0; i < partitionCount; i++) {
      logs.add(new Log<>());
    }
    partitions = List.copyOf(logs);
    listeners.forEach(Listener::cleared);
  }

  void apply(Row<V> row) {
    Row<V> before = row.isDeletion() ? rows.remove(row.key()) : rows.put(row.key(), row);
    Row<V> deletedBefore = deletions.remove(row.key());
    partitions.get(row.partition()).rows.put(Place.of(row), row);
    forget(before);
    forget(deletedBefore);
    if (row.isDeletion()) {
      deletions.put(row.key(), row);
      forgetOldestDeletion();
    }
    listeners.forEach(listener -> listener.changed(before, row));
  }

  void advance(int partition, long position) {
    partitions.get(partition).position = position;
  }

  private void forget(Row<V> row) {
    if (row != null) {
      partitions.get(row.partition()).rows.remove(Place.of(row));
    }
  }

  private void forgetOldestDeletion() {
    if (deletions.size() > deletionsKept) {
      Row<V> oldest = deletions.remove(deletions.keySet().iterator().next());
      partitions.get(oldest.partition()).forgotten = oldest.offset() + 1;
      forget(oldest);
    }
  }

  /** For tests: rows by offset, which must be as many as rows and deletions. */
  Collection<Row<V>> log(int partition) {
    return partitions.get(partition).rows.values();
  }
}
