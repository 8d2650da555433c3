package dev.castalia.scoring.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows that go through the model together.
 *
 * @param rows the longest first, no two with the same tokens
 * @param length of the longest; the others are padded at their end
 */
record Batch(List<Row> rows, int length) {

  /** One row of tokens, and the passages (by their index) that read it. */
  record Row(int[] tokens, List<Integer> passages) {}

  /**
   * Packs passages into batches of rows of similar length, at most {@code tokenBudget} tokens each
   * unless one row alone is longer. Passages of equal tokens share a row, whatever their targets.
   */
  static List<Batch> pack(List<Passage> passages, int tokenBudget) {
    List<Row> rows = distinct(passages);
    rows.sort(Comparator.comparingInt((Row row) -> row.tokens().length).reversed());
    return split(rows, tokenBudget);
  }

  /** The rows, the longest first, in batches of at most so many tokens, but of one row at least. */
  static List<Batch> split(List<Row> rows, int tokenBudget) {
    List<Batch> batches = new ArrayList<>();
    int from = 0;
    while (from < rows.size()) {
      int length = rows.get(from).tokens().length;
      int to = Math.min(rows.size(), from + Math.max(1, tokenBudget / length));
      batches.add(new Batch(rows.subList(from, to), length));
      from = to;
    }
    return batches;
  }

  private static List<Row> distinct(List<Passage> passages) {
    Map<Tokens, Row> rows = new LinkedHashMap<>();
    for (int i = 0; i < passages.size(); i++) {
      int[] input = passages.get(i).input();
      rows.computeIfAbsent(new Tokens(input), key -> new Row(input, new ArrayList<>(1)))
          .passages()
          .add(i);
    }
    return new ArrayList<>(rows.values());
  }

  /** Tokens compared by content. */
  private record Tokens(int[] ids) {

    @Override
    public boolean equals(Object that) {
      return that instanceof Tokens(int[] others) && Arrays.equals(ids, others);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(ids);
    }
  }

  /** Places for tokens, padding included. */
  long places() {
    return (long) rows.size() * length();
  }

  /** Tokens without padding. */
  long tokens() {
    return rows.stream().mapToLong(row -> row.tokens().length).sum();
  }
}
