package dev.castalia.scoring.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IntSummaryStatistics;
import java.util.List;

/**
 * The order in which passages are read, so that little is read twice. What few passages begin with
 * in common lies once in a {@link TokenTree}; what many begin with, such as the examples before
 * every question, is read first, and its keys and values are kept for all that comes after it.
 *
 * @param prefix tokens to read first, after the prefixes around this plan; may be none
 * @param batches to read after it
 * @param deeper plans whose passages begin with more in common
 */
record ReadingPlan(int[] prefix, List<Batch> batches, List<ReadingPlan> deeper) {

  /** After so many tokens, a row of its own is dear: it reads the keys and values of them all. */
  private static final int LONG_PREFIX = 32;

  /**
   * A prefix after others adds at least one token to so many of theirs: those of texts that go on
   * from one another would be as many as the texts, and all kept at once.
   */
  private static final int GROWTH = 4;

  /**
   * @param width of the model's hidden states, which says what reading a token costs
   */
  static ReadingPlan of(List<Passage> passages, Limits limits, int width) {
    List<Sequence> sequences = Sequence.sorted(passages);
    return new Planner(sequences, limits, width).plan(new int[0], 0, sequences.size(), 0);
  }

  /** Tokens that go through the model. */
  long tokens() {
    return prefix.length
        + batches.stream().mapToLong(Batch::tokens).sum()
        + deeper.stream().mapToLong(ReadingPlan::tokens).sum();
  }

  private static final class Planner {

    private final List<Sequence> sequences;
    private final Limits limits;
    private final int longestRow;
    private final int width;

    /** Tokens that a sequence begins with as the one before it does. */
    private final int[] shared;

    /** Of these, those after which neither asks for anything: what both may have as a prefix. */
    private final int[] unasked;

    Planner(List<Sequence> sequences, Limits limits, int width) {
      this.sequences = sequences;
      this.limits = limits;
      this.longestRow = Math.min(limits.row(), limits.tokens());
      this.width = width;
      this.shared = new int[sequences.size()];
      this.unasked = new int[sequences.size()];
      for (int i = 1; i < shared.length; i++) {
        Sequence before = sequences.get(i - 1);
        Sequence sequence = sequences.get(i);
        shared[i] = sequence.shared(before);
        unasked[i] = Math.min(shared[i], Math.min(sequence.unasked(), before.unasked()));
      }
    }

    ReadingPlan plan(int[] prefix, int from, int to, int base) {
      ReadingPlan plan = new ReadingPlan(prefix, new ArrayList<>(), new ArrayList<>());
      List<TokenTree> rows = new ArrayList<>();
      split(plan, rows, from, to, base, base + 1);
      rows.sort(Comparator.comparingInt(TokenTree::size).reversed());
      plan.batches.addAll(Batch.split(rows, limits, base));
      return plan;
    }

    /**
     * Finds what is worth a prefix of its own; the rest becomes rows.
     *
     * @param least tokens that a prefix has, those before it included
     */
    private void split(
        ReadingPlan plan, List<TokenTree> rows, int from, int to, int base, int least) {
      int start = from;
      while (start < to) {
        int end = start + 1;
        while (end < to && unasked[end] >= least) {
          end++;
        }
        deepen(plan, rows, start, end, base);
        start = end;
      }
    }

    /** Reads first what some sequences begin with, or what some of them do, or nothing. */
    private void deepen(ReadingPlan plan, List<TokenTree> rows, int from, int to, int base) {
      IntSummaryStatistics common = Arrays.stream(unasked, from + 1, to).summaryStatistics();
      int least = leastPrefix(rows(from, to, base), base);
      if (common.getMax() < least) {
        lay(rows, from, to, base);
      } else if (common.getMin() < least) {
        split(plan, rows, from, to, base, least);
      } else {
        int end = common.getMin();
        int[] prefix = Arrays.copyOfRange(sequences.get(from).tokens(), base, end);
        plan.deeper.add(plan(prefix, from, to, end));
      }
    }

    /**
     * From how many tokens on, those before it included, a prefix makes so many rows cheaper. It
     * costs a batch for itself, and the rows are in batches of their own: one more on average.
     */
    private int leastPrefix(int rows, int base) {
      return rows == 1
          ? Integer.MAX_VALUE
          : base + Math.max(1 + base / GROWTH, 1 + 2 * limits.start() / (rows - 1));
    }

    /** How many rows sequences make. */
    private int rows(int from, int to, int base) {
      int rows = 0;
      int size = 0;
      for (int i = from; i < to; i++) {
        int common = i == from ? base : shared[i];
        int adds = sequences.get(i).length() - common;
        if (i > from && joins(size, adds, common, base)) {
          size += adds;
        } else {
          rows++;
          size = sequences.get(i).length() - base;
        }
      }
      return rows;
    }

    private void lay(List<TokenTree> rows, int from, int to, int base) {
      for (int i = from; i < to; i++) {
        Sequence sequence = sequences.get(i);
        TokenTree row = rows.isEmpty() ? null : rows.getLast();
        boolean goesOn = row != null && row.last() == (i == 0 ? null : sequences.get(i - 1));
        int common = goesOn ? shared[i] : base;
        if (row == null || !joins(row.size(), sequence.length() - common, common, base)) {
          row = new TokenTree(base);
          rows.add(row);
          common = base;
        }
        row.add(sequence, common);
      }
    }

    /**
     * Whether a sequence goes on in a row of some size, to which it adds tokens and with which it
     * has some in common, the base included. Sharing saves 24 width² operations a token and layer;
     * that the row gets longer costs some 24 width for each pair of an old and a new token,
     * attention being slower than a matrix product of its size. After a long prefix, it is also one
     * run less over its keys and values.
     */
    private boolean joins(int size, int adds, int common, int base) {
      return size + adds <= longestRow
          && (base >= LONG_PREFIX || (long) (common - base) * width > (long) size * adds);
    }
  }
}
