package dev.castalia.scoring.bench;

import dev.castalia.scoring.checkpoint.NeoxConfig;
import dev.castalia.scoring.model.Passage;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * The floor: the operations that no exact way of reading some passages can do without, a
 * multiplication and an addition counted as two. Whatever passages begin with in common is read
 * once, a token is compared with those before it only, and the vocabulary is gone through only
 * where something is asked.
 *
 * @param tokens to be read
 * @param pairs of each token and those that it sees, itself included
 * @param rows of the vocabulary
 */
record Operations(long tokens, long pairs, long rows) {

  static Operations of(List<Passage> passages) {
    List<Passage> sorted =
        passages.stream().sorted(Comparator.comparing(Passage::input, Arrays::compare)).toList();
    long tokens = 0;
    long pairs = 0;
    long rows = 0;
    int[] before = {};
    // After how many of the last passage's tokens something was asked, by it or one before it.
    BitSet asked = new BitSet();
    for (Passage passage : sorted) {
      int[] input = passage.input();
      int mismatch = Arrays.mismatch(before, input);
      int shared = mismatch < 0 ? input.length : mismatch;
      tokens += input.length - shared;
      pairs += pairs(input.length) - pairs(shared);
      asked.clear(shared + 1, Math.max(shared + 1, asked.length()));
      int known = asked.cardinality();
      asked.set(input.length - passage.targets().length + 1, input.length + 1);
      rows += asked.cardinality() - known;
      before = input;
    }
    return new Operations(tokens, pairs, rows);
  }

  double in(NeoxConfig config) {
    double width = config.hidden();
    double layer = 4 * width * width + 2 * width * config.intermediate();
    return 2 * config.layers() * (tokens * layer + 2 * pairs * width)
        + 2 * rows * width * config.vocabulary();
  }

  private static long pairs(long length) {
    return length * (length + 1) / 2;
  }
}
