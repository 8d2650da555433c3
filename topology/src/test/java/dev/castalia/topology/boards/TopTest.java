package dev.castalia.topology.boards;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.BoardEntry;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopTest {

  private static final int WANTED = 3;

  /** All entries, as the store has them. */
  private final TreeMap<String, BoardEntry> all = new TreeMap<>();

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 30})
  void whateverComesAndGoesTheFirstAreThoseOfTheWholeOrder(int indexes) {
    Random random = new Random(indexes);
    Top top = read();
    for (int i = 0; i < 10_000; i++) {
      String index = "%02d".formatted(random.nextInt(indexes));
      if (random.nextBoolean()) {
        BoardEntry entry = entry(i);
        all.put(index, entry);
        top.put(index, entry);
      } else {
        all.remove(index);
        top.remove(index);
      }
      if (!top.has(WANTED)) {
        top = read();
      }

      assertThat(top.first(WANTED)).isEqualTo(all.entrySet().stream().limit(WANTED).toList());
    }
  }

  @Test
  void isReadAgainOnlyWhenMoreLeftItThanWereKeptInReserve() {
    for (int i = 0; i < 10; i++) {
      all.put("" + i, entry(i));
    }
    Top top = read();

    for (int i = 0; i < WANTED; i++) {
      top.remove("" + i);
      assertThat(top.has(WANTED)).isTrue();
    }
    top.remove("" + WANTED);
    assertThat(top.has(WANTED)).isFalse();
  }

  private Top read() {
    Iterator<Map.Entry<String, BoardEntry>> entries = List.copyOf(all.entrySet()).iterator();
    return new Top(
        "v1",
        WANTED,
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return entries.hasNext();
          }

          @Override
          public KeyValue<String, BoardEntry> next() {
            Map.Entry<String, BoardEntry> next = entries.next();
            return KeyValue.pair(next.getKey(), next.getValue());
          }
        });
  }

  private static BoardEntry entry(int value) {
    return new BoardEntry(
        0, "m", "r", 0L, 1L, "standard", null, (double) value, null, 1, 1, null, null);
  }
}
