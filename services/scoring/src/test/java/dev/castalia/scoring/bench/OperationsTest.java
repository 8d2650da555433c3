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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperationsTest {

  private static final NeoxConfig CONFIG = config(true);

  @Test
  void oneTokenIsMultipliedWithEveryMatrixOnce() {
    double layer = 3 * 8 * 8 + 8 * 8 + 2 * 8 * 40;
    double attention = 2 * 8;

    assertThat(Operations.of(List.of(passage(1, 5))).in(CONFIG))
        .isEqualTo(2 * (3 * (layer + attention) + 8 * 100));
  }

  /** Counted again by a set of all that any passage begins with. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whateverPassagesBeginWithInCommonIsCountedOnce(boolean parallel) {
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
      long types = read.stream().map(List::getLast).distinct().count();
      double pairs = read.stream().mapToInt(List::size).sum();
      double askedPairs = asked.stream().mapToInt(List::size).sum();
      double matrix = 8 * 8;
      double mlp = 2 * 8 * 40;
      double first =
          types * 3 * matrix
              + read.size() * matrix
              + (parallel ? types : read.size()) * mlp
              + 2 * pairs * 8;
      double second = read.size() * (4 * matrix + mlp) + 2 * pairs * 8;
      double third =
          read.size() * 2 * matrix + asked.size() * (2 * matrix + mlp) + 2 * askedPairs * 8;

      assertThat(Operations.of(passages).in(config(parallel)))
          .isEqualTo(2 * (first + second + third + asked.size() * 8 * 100));
    }
  }

  private static NeoxConfig config(boolean parallel) {
    return new NeoxConfig(8, 3, 2, 40, 100, 64, 0.5, 10_000, 1e-5f, parallel, true, false, 0);
  }

  private static Passage passage(int targets, int... input) {
    return new Passage(input, new int[targets]);
  }
}
