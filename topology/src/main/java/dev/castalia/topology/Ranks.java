package dev.castalia.topology;

import java.util.function.IntPredicate;

/** Standard competition ranking ("1224"). */
public final class Ranks {

  private Ranks() {}

  /**
   * @param sorted what is ranked, best first, as {@link ScoreOrder#sortable} numbers
   * @return the ranks, from 1: equals share one, and the next is skipped past them
   */
  public static int[] of(double[] sorted) {
    return of(sorted.length, i -> sorted[i] == sorted[i - 1]);
  }

  /**
   * @param entries how many are ranked, best first
   * @param tied whether an entry, from the second on, equals the one before it
   */
  public static int[] of(int entries, IntPredicate tied) {
    int[] ranks = new int[entries];
    for (int i = 0; i < entries; i++) {
      ranks[i] = i > 0 && tied.test(i) ? ranks[i - 1] : i + 1;
    }
    return ranks;
  }
}
