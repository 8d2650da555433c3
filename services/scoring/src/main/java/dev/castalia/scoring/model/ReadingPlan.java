package dev.castalia.scoring.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.stream.IntStream;

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

    private static final int NEW_ROW = -1;

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
      BitSet plain = new BitSet();
      split(plan, plain, from, to, base, base + 1);
      List<TokenTree> rows = rows(plain.stream().toArray(), base);
      rows.sort(Comparator.comparingInt(TokenTree::size).reversed());
      plan.batches.addAll(Batch.split(rows, limits, base, 0));
      return plan;
    }

    /**
     * Finds what is worth a prefix of its own.
     *
     * @param plain is given the sequences that are not, and become rows
     * @param least tokens that a prefix has, those before it included
     */
    private void split(ReadingPlan plan, BitSet plain, int from, int to, int base, int least) {
      int start = from;
      while (start < to) {
        int end = start + 1;
        while (end < to && unasked[end] >= least) {
          end++;
        }
        deepen(plan, plain, start, end, base);
        start = end;
      }
    }

    /** Reads first what some sequences begin with, or what some of them do, or nothing. */
    private void deepen(ReadingPlan plan, BitSet plain, int from, int to, int base) {
      IntSummaryStatistics common = Arrays.stream(unasked, from + 1, to).summaryStatistics();
      int least = leastPrefix(count(IntStream.range(from, to).toArray(), base), base);
      if (common.getMax() < least) {
        plain.set(from, to);
      } else if (common.getMin() < least) {
        split(plan, plain, from, to, base, least);
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

    /** How many rows some sequences make; it does not make them. */
    private int count(int[] some, int base) {
      return Math.toIntExact(
          Arrays.stream(joints(some, base)).filter(joint -> joint == NEW_ROW).count());
    }

    private List<TokenTree> rows(int[] some, int base) {
      int[] joints = joints(some, base);
      List<TokenTree> rows = new ArrayList<>();
      for (int i = 0; i < some.length; i++) {
        if (joints[i] == NEW_ROW) {
          rows.add(new TokenTree(base));
        }
        rows.getLast().add(sequences.get(some[i]), Math.max(base, joints[i]));
      }
      return rows;
    }

    /**
     * Where each of some sequences, ascending, goes on from the one before it in its row: the
     * tokens that they have in common, or {@link #NEW_ROW}.
     */
    private int[] joints(int[] some, int base) {
      int[] joints = new int[some.length];
      int size = 0;
      for (int i = 0; i < some.length; i++) {
        int length = sequences.get(some[i]).length();
        boolean follows = i > 0 && some[i - 1] == some[i] - 1;
        int common = follows ? shared[some[i]] : base;
        if (i > 0 && joins(size, length - common, common, base)) {
          joints[i] = common;
          size += length - common;
        } else {
          joints[i] = NEW_ROW;
          size = length - base;
        }
      }
      return joints;
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
