package dev.castalia.topology.boards;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SortableHexTest {

  @Test
  void hexadecimalDigitsSortAsTheNumbersDo() {
    double[] numbers = {
      Double.NEGATIVE_INFINITY,
      -1e300,
      -1,
      -0.5,
      -1e-300,
      0,
      1e-300,
      0.5,
      1,
      1e300,
      Double.POSITIVE_INFINITY
    };

    assertThat(Arrays.stream(numbers).mapToObj(Boards::sortableHex).toList())
        .isSorted()
        .doesNotHaveDuplicates();
  }
}
