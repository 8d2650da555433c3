package dev.castalia.scoring.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.IntBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TypesTest {

  private final Types types = new Types(100);

  @Test
  void eachTokenIsOneOfTheIdsAndEachIdIsThereOnce() {
    Types.Split split = types.split(batch(4, row(7, 9, 7, 3), row(9, 9)));

    assertThat(read(split.ids())).containsExactlyInAnyOrder(7, 9, 3, 0);
    assertThat(tokens(split)).containsExactly(7, 9, 7, 3, 9, 9, 0, 0);
  }

  @Test
  void oneBatchLeavesNothingToTheNext() {
    types.split(batch(4, row(7, 9, 7, 3)));
    Types.Split split = types.split(batch(2, row(3, 99)));

    assertThat(read(split.ids())).containsExactlyInAnyOrder(3, 99);
    assertThat(tokens(split)).containsExactly(3, 99);
  }

  private static int[] tokens(Types.Split split) {
    int[] ids = read(split.ids());
    return IntStream.of(read(split.tokens())).map(index -> ids[index]).toArray();
  }

  private static int[] read(IntBuffer buffer) {
    int[] all = new int[buffer.remaining()];
    buffer.duplicate().get(all);
    return all;
  }

  private static TokenTree row(int... tokens) {
    return TokenTree.of(tokens, 0);
  }

  private static Batch batch(int length, TokenTree... rows) {
    return new Batch(List.of(rows), length, 0, 0);
  }
}
