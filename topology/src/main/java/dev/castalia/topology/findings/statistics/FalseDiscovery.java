package dev.castalia.topology.findings.statistics;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Benjamini and Hochberg, "Controlling the false discovery rate", 1995. Holds for independent tests
 * and for such as depend positively on each other (Benjamini and Yekutieli, 2001), as scores of one
 * model on many tasks do.
 */
public final class FalseDiscovery {

  private FalseDiscovery() {}

  /**
   * The adjusted p-values, in the order given: answers at rate q are those that are at most q.
   *
   * @param pValues of one family of tests
   */
  public static double[] adjusted(double[] pValues) {
    int n = pValues.length;
    Integer[] order = new Integer[n];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> pValues[i]));
    double[] adjusted = new double[n];
    double least = 1;
    for (int rank = n; rank >= 1; rank--) {
      int i = order[rank - 1];
      least = Math.min(least, pValues[i] * n / rank);
      adjusted[i] = least;
    }
    return adjusted;
  }
}
