package dev.castalia.scoring.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows that go through the model together.
 *
 * @param rows the longest first
 * @param length places a row: those of the longest row or a few more
 * @param past tokens that went before every row, the same ones if there are several rows
 * @param growth tokens that will be read after every row, which the row is kept for
 */
record Batch(List<TokenTree> rows, int length, int past, int growth) {

  /** A GPU's fast attention wants as many tokens to look at as a multiple of this. */
  private static final int ALIGNMENT = 4;

  /**
   * The rows, the longest first, in the batches that take the least time: many small ones begin
   * often, few large ones are padded.
   */
  static List<Batch> split(List<TokenTree> rows, Limits limits, int past, int growth) {
    long[] costs = new long[rows.size() + 1];
    int[] froms = new int[rows.size() + 1];
    for (int to = 1; to <= rows.size(); to++) {
      costs[to] = Long.MAX_VALUE;
      for (int from = to - 1; from >= 0; from--) {
        int length = length(rows.get(from), past);
        if (from < to - 1 && (long) (to - from) * (past + length + growth) > limits.tokens()) {
          break;
        }
        long cost = costs[from] + (long) (to - from) * length + limits.start();
        if (cost < costs[to]) {
          costs[to] = cost;
          froms[to] = from;
        }
      }
    }
    List<Batch> batches = new ArrayList<>();
    for (int to = rows.size(); to > 0; to = froms[to]) {
      List<TokenTree> some = rows.subList(froms[to], to);
      batches.addFirst(new Batch(some, length(some.getFirst(), past), past, growth));
    }
    return batches;
  }

  /** Places that a row needs after those before it. */
  private static int length(TokenTree row, int past) {
    return Math.ceilDiv(past + row.size(), ALIGNMENT) * ALIGNMENT - past;
  }

  /** The same rows in smaller batches. */
  List<Batch> split(Limits limits) {
    return split(rows, limits, past, growth);
  }

  /** Tokens without padding. */
  long tokens() {
    return rows.stream().mapToLong(TokenTree::size).sum();
  }

  /** Places for tokens, padding included. */
  long places() {
    return (long) rows.size() * length;
  }

  /** Places that keys and values are held for. */
  long held() {
    return (long) rows.size() * (past + length + growth);
  }

  /** Whether every token sees all before it, so that one mask does for all rows. */
  boolean causal() {
    return rows.stream().noneMatch(TokenTree::branches);
  }
}
