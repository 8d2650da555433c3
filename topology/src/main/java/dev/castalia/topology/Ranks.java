package dev.castalia.topology;

/** Standard competition ranking ("1224"). */
public final class Ranks {

  private Ranks() {}

  /**
   * @param sorted what is ranked, best first, as {@link ScoreOrder#sortable} numbers
   * @return the ranks, from 1: equals share one, and the next is skipped past them
   */
  public static int[] of(double[] sorted) {
    int[] ranks = new int[sorted.length];
    for (int i = 0; i < sorted.length; i++) {
      ranks[i] = i > 0 && sorted[i] == sorted[i - 1] ? ranks[i - 1] : i + 1;
    }
    return ranks;
  }
}
