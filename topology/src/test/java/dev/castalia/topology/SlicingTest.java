package dev.castalia.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.Slice;
import org.junit.jupiter.api.Test;

class SlicingTest {

  @Test
  void slicesCoverTheTaskAndTheLastIsWhatIsLeft() {
    assertThat(Slicing.slices(Mesh.task("sum", 10, 4)))
        .containsExactly(new Slice(0, 4), new Slice(4, 8), new Slice(8, 10));
    assertThat(Slicing.count(Mesh.task("sum", 10, 4))).isEqualTo(3);
  }

  @Test
  void aSliceLargerThanTheTaskIsTheTask() {
    assertThat(Slicing.slices(Mesh.task("sum", 10, Integer.MAX_VALUE)))
        .containsExactly(new Slice(0, 10));
  }

  @Test
  void slicesEndWithTheLastDocumentHoweverManyThereAre() {
    int half = 1 << 30;
    assertThat(Slicing.slices(Mesh.task("sum", Integer.MAX_VALUE, half)))
        .containsExactly(new Slice(0, half), new Slice(half, Integer.MAX_VALUE));
  }
}
