package dev.castalia.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoomTest {

  private static final List<Integer> ALL = IntStream.range(0, 1000).boxed().toList();

  @Test
  void whatHasRoomIsKept() {
    assertThat(Room.evenly(ALL, it -> Bounds.BYTES / 1000)).isEqualTo(ALL);
    assertThat(Room.first(ALL, it -> Bounds.BYTES / 1000)).isEqualTo(ALL);
  }

  @Test
  void ofWhatHasNotSomeThatLieEvenlyAreKeptWithTheFirstAndTheLast() {
    assertThat(Room.evenly(ALL, it -> Bounds.BYTES / 4)).containsExactly(0, 333, 666, 999);
  }

  @Test
  void theFirstThatHaveRoomAreKept() {
    assertThat(Room.first(ALL, it -> Bounds.BYTES / 4)).containsExactly(0, 1, 2, 3);
  }

  @Test
  void whateverIsKeptHasRoom() {
    List<Integer> kept = Room.evenly(ALL, RoomTest::bytes);

    assertThat(kept.stream().mapToInt(RoomTest::bytes).sum()).isLessThan(Bounds.BYTES);
  }

  private static int bytes(int index) {
    return index % 2 == 0 ? Bounds.BYTES / 100 : 1;
  }
}
