package dev.castalia.topology.findings.statistics;

import java.util.Arrays;

/** Least squares of a series' values, weighted by their standard errors. */
final class LeastSquares {

  private LeastSquares() {}

  /** The values less their weighted mean. */
  static double[] centred(Series series, double[] values) {
    double[] ones = new double[values.length];
    Arrays.fill(ones, 1);
    return without(series, ones, values);
  }

  /** What is left of the values when the best multiple of a shape is taken from them. */
  static double[] without(Series series, double[] shape, double[] values) {
    double factor = factor(series, shape, values);
    double[] left = new double[values.length];
    Arrays.setAll(left, i -> values[i] - factor * shape[i]);
    return left;
  }

  /** The multiple of a shape that is nearest to the values. */
  static double factor(Series series, double[] shape, double[] values) {
    double products = 0;
    double squares = 0;
    for (int i = 0; i < series.size(); i++) {
      products += series.weight(i) * shape[i] * values[i];
      squares += series.weight(i) * shape[i] * shape[i];
    }
    return products / squares;
  }
}
