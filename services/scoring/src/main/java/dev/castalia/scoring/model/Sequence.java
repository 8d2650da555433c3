package dev.castalia.scoring.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tokens that are read, and the passages (by their index) that read them.
 *
 * @param unasked tokens at the beginning after which no passage asks for anything
 */
record Sequence(int[] tokens, int unasked, List<Integer> passages) {

  /**
   * The distinct inputs of passages, in the order of their tokens: what begins alike lies close.
   */
  static List<Sequence> sorted(List<Passage> passages) {
    Map<Key, List<Integer>> readers = new LinkedHashMap<>();
    for (int i = 0; i < passages.size(); i++) {
      readers.computeIfAbsent(new Key(passages.get(i).input()), key -> new ArrayList<>(1)).add(i);
    }
    List<Sequence> sequences = new ArrayList<>(readers.size());
    readers.forEach(
        (key, readBy) -> {
          int targets =
              readBy.stream().mapToInt(i -> passages.get(i).targets().length).max().orElseThrow();
          sequences.add(new Sequence(key.ids(), key.ids().length - targets, readBy));
        });
    sequences.sort((a, b) -> Arrays.compare(a.tokens, b.tokens));
    return sequences;
  }

  int length() {
    return tokens.length;
  }

  /** Tokens that both begin with. */
  int shared(Sequence other) {
    int mismatch = Arrays.mismatch(tokens, other.tokens);
    return mismatch < 0 ? tokens.length : mismatch;
  }

  /** Tokens compared by content. */
  private record Key(int[] ids) {

    @Override
    public boolean equals(Object that) {
      return that instanceof Key(int[] others) && Arrays.equals(ids, others);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(ids);
    }
  }
}
