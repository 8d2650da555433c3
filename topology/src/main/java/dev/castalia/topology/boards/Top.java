package dev.castalia.topology.boards;

import dev.castalia.events.BoardEntry;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;

/**
 * The first entries of a board's order, kept as objects: a board under many scores is published
 * several times a second, and would be read from the store each time. It is read again only when so
 * many entries left it that the next ones are needed.
 */
final class Top {

  /** As the store sorts its keys. */
  private static final Comparator<String> BY_BYTES =
      (one, other) ->
          Arrays.compareUnsigned(
              one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));

  private final String version;
  private final int most;
  private final NavigableMap<String, BoardEntry> entries = new TreeMap<>(BY_BYTES);

  /** Whether the board has entries behind these. */
  private boolean cut;

  /**
   * @param version of the task
   * @param wanted entries that are asked for at once
   * @param order all of the board's entries of this version
   */
  Top(String version, int wanted, Iterator<KeyValue<String, BoardEntry>> order) {
    this.version = version;
    this.most = 2 * wanted;
    while (entries.size() < most && order.hasNext()) {
      KeyValue<String, BoardEntry> next = order.next();
      entries.put(next.key, next.value);
    }
    cut = order.hasNext();
  }

  /**
   * @param index where the entry is in the order
   */
  void put(String index, BoardEntry entry) {
    if (cut && (entries.isEmpty() || BY_BYTES.compare(index, entries.lastKey()) > 0)) {
      return;
    }
    entries.put(index, entry);
    if (entries.size() > most) {
      entries.pollLastEntry();
      cut = true;
    }
  }

  void remove(String index) {
    entries.remove(index);
  }

  boolean isOf(String someVersion) {
    return version.equals(someVersion);
  }

  /** Whether it has the first so many entries of the board, or all there are. */
  boolean has(int wanted) {
    return !cut || entries.size() >= wanted;
  }

  /** The first so many, by their index, in order. */
  List<Map.Entry<String, BoardEntry>> first(int wanted) {
    return entries.entrySet().stream().limit(wanted).toList();
  }
}
