package dev.castalia.scoring.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows that go through the model together.
 *
 * @param rows the longest first
 * @param length of the longest; the others are padded at their end
 * @param past tokens that went before each row; with any, there is one row only
 */
record Batch(List<TokenTree> rows, int length, int past) {

  /** The rows, the longest first, in batches of at most so many tokens, but of one row at least. */
  static List<Batch> split(List<TokenTree> rows, int tokenBudget) {
    List<Batch> batches = new ArrayList<>();
    int from = 0;
    while (from < rows.size()) {
      int length = rows.get(from).size();
      int to = Math.min(rows.size(), from + Math.max(1, tokenBudget / length));
      batches.add(new Batch(rows.subList(from, to), length, 0));
      from = to;
    }
    return batches;
  }

  /** Tokens without padding. */
  long tokens() {
    return rows.stream().mapToLong(TokenTree::size).sum();
  }

  /** Places for tokens, padding included. */
  long places() {
    return (long) rows.size() * length;
  }

  /** Whether every token sees all before it, so that one mask does for all rows. */
  boolean causal() {
    return rows.stream().noneMatch(TokenTree::branches);
  }
}
