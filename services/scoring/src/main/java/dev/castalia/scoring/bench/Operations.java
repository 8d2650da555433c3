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
 * once, a token is compared with those before it only, what comes before the first attention is
 * done once for each type of token, and what comes after the last keys and values, the vocabulary
 * above all, only where something is asked.
 *
 * @param types distinct tokens among those to be read
 * @param tokens to be read
 * @param pairs of each token and those that it sees, itself included
 * @param rows of the vocabulary
 * @param askedPairs the pairs of those tokens after which something is asked
 */
record Operations(long types, long tokens, long pairs, long rows, long askedPairs) {

  static Operations of(List<Passage> passages) {
    List<Passage> sorted =
        passages.stream().sorted(Comparator.comparing(Passage::input, Arrays::compare)).toList();
    BitSet types = new BitSet();
    long tokens = 0;
    long pairs = 0;
    long rows = 0;
    long askedPairs = 0;
    int[] before = {};
    // After how many of the last passage's tokens something was asked, by it or one before it.
    BitSet asked = new BitSet();
    for (Passage passage : sorted) {
      int[] input = passage.input();
      Arrays.stream(input).forEach(types::set);
      int mismatch = Arrays.mismatch(before, input);
      int shared = mismatch < 0 ? input.length : mismatch;
      tokens += input.length - shared;
      pairs += pairs(input.length) - pairs(shared);
      asked.clear(shared + 1, Math.max(shared + 1, asked.length()));
      for (int seen = input.length - passage.targets().length + 1; seen <= input.length; seen++) {
        if (!asked.get(seen)) {
          asked.set(seen);
          rows++;
          askedPairs += seen;
        }
      }
      before = input;
    }
    return new Operations(types.cardinality(), tokens, pairs, rows, askedPairs);
  }

  double in(NeoxConfig config) {
    double width = config.hidden();
    double matrix = width * width;
    double mlp = 2 * width * config.intermediate();
    double sum = rows * width * config.vocabulary();
    for (int layer = 0; layer < config.layers(); layer++) {
      boolean last = layer == config.layers() - 1;
      long before = layer == 0 ? types : tokens;
      long after = last ? rows : tokens;
      long alone = Math.min(before, after);
      // Keys and values of all, queries of what goes on; attention, and its output's matrix.
      sum += 2 * before * matrix + alone * matrix;
      sum += 2 * (last ? askedPairs : pairs) * width + after * matrix;
      sum += (config.parallelResidual() ? alone : after) * mlp;
    }
    return 2 * sum;
  }

  private static long pairs(long length) {
    return length * (length + 1) / 2;
  }
}
