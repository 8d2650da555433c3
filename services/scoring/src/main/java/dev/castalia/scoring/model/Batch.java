package dev.castalia.scoring.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows that go through the model together.
 *
 * @param rows the longest first
 * @param length places a row: those of the longest row or a few more
 * @param past tokens that went before every row, the same ones if there are several rows
 */
record Batch(List<TokenTree> rows, int length, int past) {

  /** A GPU's fast attention wants as many tokens to look at as a multiple of this. */
  private static final int ALIGNMENT = 4;

  /**
   * The rows, the longest first, in batches of at most so many tokens, those before each row
   * counted, but of one row at least.
   */
  static List<Batch> split(List<TokenTree> rows, int tokenBudget, int past) {
    List<Batch> batches = new ArrayList<>();
    int from = 0;
    while (from < rows.size()) {
      int total = Math.ceilDiv(past + rows.get(from).size(), ALIGNMENT) * ALIGNMENT;
      int to = Math.min(rows.size(), from + Math.max(1, tokenBudget / total));
      batches.add(new Batch(rows.subList(from, to), total - past, past));
      from = to;
    }
    return batches;
  }

  /** The same rows in smaller batches. */
  List<Batch> split(int tokenBudget) {
    return split(rows, tokenBudget, past);
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
    return (long) rows.size() * (past + length);
  }

  /** Whether every token sees all before it, so that one mask does for all rows. */
  boolean causal() {
    return rows.stream().noneMatch(TokenTree::branches);
  }
}
