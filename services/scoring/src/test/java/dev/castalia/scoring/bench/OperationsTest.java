package dev.castalia.scoring.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.scoring.checkpoint.NeoxConfig;
import dev.castalia.scoring.model.Passage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OperationsTest {

  private static final NeoxConfig CONFIG =
      new NeoxConfig(8, 3, 2, 40, 100, 64, 0.5, 10_000, 1e-5f, true, true, false, 0);

  @Test
  void oneTokenIsMultipliedWithEveryMatrixOnce() {
    double layer = 3 * 8 * 8 + 8 * 8 + 2 * 8 * 40;
    double attention = 2 * 8;

    assertThat(Operations.of(List.of(passage(1, 5))).in(CONFIG))
        .isEqualTo(2 * (3 * (layer + attention) + 8 * 100));
  }

  /** Counted again by a set of all that any passage begins with. */
  @Test
  void whateverPassagesBeginWithInCommonIsCountedOnce() {
    Random random = new Random(4);
    for (int round = 0; round < 50; round++) {
      List<Passage> passages = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        int[] input = random.ints(1 + random.nextInt(6), 0, 3).toArray();
        passages.add(passage(1 + random.nextInt(input.length), input));
      }
      Set<List<Integer>> read = new HashSet<>();
      Set<List<Integer>> asked = new HashSet<>();
      for (Passage passage : passages) {
        List<Integer> tokens = IntStream.of(passage.input()).boxed().toList();
        for (int end = 1; end <= tokens.size(); end++) {
          read.add(tokens.subList(0, end));
          if (end > tokens.size() - passage.targets().length) {
            asked.add(tokens.subList(0, end));
          }
        }
      }
      double layer = 4 * 8 * 8 + 2 * 8 * 40;
      double pairs = read.stream().mapToInt(List::size).sum();

      assertThat(Operations.of(passages).in(CONFIG))
          .isEqualTo(2 * (3 * (read.size() * layer + 2 * pairs * 8) + asked.size() * 8 * 100));
    }
  }

  private static Passage passage(int targets, int... input) {
    return new Passage(input, new int[targets]);
  }
}
