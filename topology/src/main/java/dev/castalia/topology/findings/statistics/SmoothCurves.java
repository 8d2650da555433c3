package dev.castalia.topology.findings.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Smooth curves that a score may follow over sizes: a + b·x + c·x², and, above chance where that is
 * known, the logistic curve chance + b / (1 + exp(−(x − m) / w)).
 */
final class SmoothCurves {

  /** Free ones of each. */
  static final int PARAMETERS = 3;

  /**
   * Of a logistic curve, in ranges of the sizes. From 10 % to 90 % of it are 4.4 of them, so a
   * narrower one is as good as a step.
   */
  private static final double[] WIDTHS = {0.1, 0.15, 0.2, 0.3, 0.45};

  /** Middles of logistic curves that a range of the sizes has. */
  private static final int MIDDLES = 20;

  private SmoothCurves() {}

  /**
   * The best quadratic curve, and the best logistic one of each middle and width.
   *
   * @param chance NaN where there is none
   * @return fitted values, in the order of the places
   */
  static List<double[]> fitted(Series series, double chance) {
    List<double[]> curves = new ArrayList<>();
    curves.add(quadratic(series));
    if (!Double.isNaN(chance)) {
      Series above = series.minus(chance);
      double first = series.at[0];
      double range = series.at[series.size() - 1] - first;
      // A curve that has not come to its middle at the largest size is seen only in part.
      for (int middle = 0; middle <= 1.5 * MIDDLES; middle++) {
        for (double width : WIDTHS) {
          curves.add(logistic(above, chance, first + middle * range / MIDDLES, width * range));
        }
      }
    }
    return curves;
  }

  private static double[] quadratic(Series series) {
    double[] at = LeastSquares.centred(series, series.at);
    double[] squares = Arrays.stream(at).map(it -> it * it).toArray();
    double[] bend = LeastSquares.without(series, at, LeastSquares.centred(series, squares));
    double slope = LeastSquares.factor(series, at, series.value);
    double curvature = LeastSquares.factor(series, bend, series.value);
    double mean = series.mean();
    double[] fitted = new double[series.size()];
    Arrays.setAll(fitted, i -> mean + slope * at[i] + curvature * bend[i]);
    return fitted;
  }

  private static double[] logistic(Series above, double chance, double middle, double width) {
    double[] rise =
        Arrays.stream(above.at).map(it -> 1 / (1 + Math.exp((middle - it) / width))).toArray();
    double height = LeastSquares.factor(above, rise, above.value);
    return Arrays.stream(rise).map(it -> chance + height * it).toArray();
  }
}
