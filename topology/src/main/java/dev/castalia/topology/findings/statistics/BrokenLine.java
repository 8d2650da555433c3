package dev.castalia.topology.findings.statistics;

import java.util.Arrays;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.RealMatrix;

/**
 * A continuous line of straight pieces, fitted to a series by weighted least squares: y = β0 + β1·x
 * + Σ γk·max(0, x − κk). How many knots κ there are is chosen by BIC, χ² + p·ln n with p = 2 + 2 a
 * knot (Schwarz, "Estimating the dimension of a model", 1978; joinpoint regression after Kim et
 * al., "Permutation tests for joinpoint regression", 2000). Knots lie at measurements; all choices
 * of up to {@link #MOST_KNOTS} among at most {@link #MOST_PLACES} places are tried.
 *
 * <p>Where even the richest line leaves residuals larger than the standard errors, these are scaled
 * up by Birge's ratio √(χ²/degrees).
 */
final class BrokenLine {

  static final int MOST_KNOTS = 4;
  static final int MOST_PLACES = 20;

  private final Series series;
  private final double[] knots;
  private final double[][] knotRanges;
  private final double[] coefficients;
  private final RealMatrix covariance;

  private BrokenLine(
      Series series,
      double[] knots,
      double[][] knotRanges,
      double[] coefficients,
      RealMatrix covariance) {
    this.series = series;
    this.knots = knots;
    this.knotRanges = knotRanges;
    this.coefficients = coefficients;
    this.covariance = covariance;
  }

  /** The inner places of a series where knots are tried: all, or evenly chosen along x. */
  static double[] places(Series series) {
    int inner = series.size() - 2;
    if (inner <= 0) {
      return new double[0];
    }
    if (inner <= MOST_PLACES) {
      return Arrays.copyOfRange(series.at, 1, inner + 1);
    }
    double first = series.at[1];
    double last = series.at[inner];
    double[] places = new double[MOST_PLACES];
    int i = 1;
    for (int place = 0; place < MOST_PLACES; place++) {
      double wanted = first + (last - first) * place / (MOST_PLACES - 1);
      while (i < inner && series.at[i] < wanted - 1e-9) {
        i++;
      }
      places[place] = series.at[i];
    }
    return Arrays.stream(places).distinct().toArray();
  }

  /** All sums that least squares on any choice of knots needs. */
  private static final class Sums {
    final double[] places;
    final double[][] gram;
    final double[] moment;
    final double total;

    Sums(Series series, double[] places) {
      this.places = places;
      int blocks = places.length + 2;
      double[][] values = new double[blocks][series.size()];
      for (int i = 0; i < series.size(); i++) {
        values[0][i] = 1;
        values[1][i] = series.at[i];
        for (int k = 0; k < places.length; k++) {
          values[k + 2][i] = Math.max(0, series.at[i] - places[k]);
        }
      }
      gram = new double[blocks][blocks];
      moment = new double[blocks];
      double sum = 0;
      for (int i = 0; i < series.size(); i++) {
        double weight = series.weight(i);
        sum += weight * series.value[i] * series.value[i];
        for (int a = 0; a < blocks; a++) {
          moment[a] += weight * values[a][i] * series.value[i];
          for (int b = 0; b <= a; b++) {
            gram[a][b] += weight * values[a][i] * values[b][i];
            gram[b][a] = gram[a][b];
          }
        }
      }
      total = sum;
    }

    /** χ² of the line with these knots; infinite where it is not determined. */
    double chiSquare(int[] knots, int count) {
      int size = count + 2;
      double[][] lower = new double[size][size];
      double[] solved = new double[size];
      double explained = 0;
      for (int i = 0; i < size; i++) {
        int block = i < 2 ? i : knots[i - 2] + 2;
        for (int j = 0; j <= i; j++) {
          double sum = gram[block][j < 2 ? j : knots[j - 2] + 2];
          for (int k = 0; k < j; k++) {
            sum -= lower[i][k] * lower[j][k];
          }
          if (i == j) {
            if (sum <= 1e-10 * gram[block][block]) {
              return Double.POSITIVE_INFINITY;
            }
            lower[i][i] = Math.sqrt(sum);
          } else {
            lower[i][j] = sum / lower[j][j];
          }
        }
        double right = moment[block];
        for (int k = 0; k < i; k++) {
          right -= lower[i][k] * solved[k];
        }
        solved[i] = right / lower[i][i];
        explained += solved[i] * solved[i];
      }
      return Math.max(0, total - explained);
    }
  }

  /** The best choice of so many knots, and how χ² rises when one of them is moved. */
  private static final class Search {
    final Sums sums;
    final int count;
    final int[] current;
    final double[][] profile;
    int[] best;
    double chiSquare = Double.POSITIVE_INFINITY;

    Search(Sums sums, int count) {
      this.sums = sums;
      this.count = count;
      this.current = new int[count];
      this.profile = new double[count][sums.places.length];
      for (double[] row : profile) {
        Arrays.fill(row, Double.POSITIVE_INFINITY);
      }
      choose(0, 0);
    }

    private void choose(int chosen, int from) {
      if (chosen == count) {
        double now = sums.chiSquare(current, count);
        for (int k = 0; k < count; k++) {
          profile[k][current[k]] = Math.min(profile[k][current[k]], now);
        }
        if (now < chiSquare) {
          chiSquare = now;
          best = current.clone();
        }
        return;
      }
      for (int place = from; place < sums.places.length; place++) {
        current[chosen] = place;
        choose(chosen + 1, place + 1);
      }
    }

    /** Where a knot may lie: where χ² rises by no more than so much. */
    double[] range(int knot, double rise) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (int place = 0; place < sums.places.length; place++) {
        if (profile[knot][place] <= chiSquare + rise) {
          low = Math.min(low, sums.places[place]);
          high = Math.max(high, sums.places[place]);
        }
      }
      return new double[] {low, high};
    }
  }

  /**
   * @param confidence of the ranges of the knots, by profile likelihood
   */
  static BrokenLine fit(Series series, double confidence) {
    int n = series.size();
    // Sums of squares cancel less around the mean.
    double centre = series.mean();
    Series centred = series.minus(centre);
    Sums sums = new Sums(centred, places(series));
    int most = Math.max(0, Math.min(Math.min(MOST_KNOTS, sums.places.length), (n - 4) / 2));
    Search[] searches = new Search[most + 1];
    for (int count = 0; count <= most; count++) {
      searches[count] = new Search(sums, count);
    }
    double scale = scale(searches[most], n - 2 - 2 * most);
    Search chosen = searches[0];
    double least = Double.POSITIVE_INFINITY;
    for (Search search : searches) {
      double criterion = search.chiSquare / (scale * scale) + (2 + 2 * search.count) * Math.log(n);
      if (criterion < least) {
        least = criterion;
        chosen = search;
      }
    }
    return line(series, centred, centre, chosen, scale, confidence);
  }

  private static double scale(Search richest, int degrees) {
    return degrees < 1 ? 1 : Math.max(1, Math.sqrt(richest.chiSquare / degrees));
  }

  private static BrokenLine line(
      Series series,
      Series centred,
      double centre,
      Search search,
      double scale,
      double confidence) {
    int size = search.count + 2;
    int[] blocks = new int[size];
    blocks[1] = 1;
    double[] knots = new double[search.count];
    double[][] ranges = new double[search.count][];
    double z = Interval.normalQuantile(confidence);
    for (int k = 0; k < search.count; k++) {
      blocks[k + 2] = search.best[k] + 2;
      knots[k] = search.sums.places[search.best[k]];
      ranges[k] = search.range(k, z * z * scale * scale);
    }
    RealMatrix gram = new Array2DRowRealMatrix(size, size);
    ArrayRealVector moment = new ArrayRealVector(size);
    for (int a = 0; a < size; a++) {
      moment.setEntry(a, search.sums.moment[blocks[a]]);
      for (int b = 0; b < size; b++) {
        gram.setEntry(a, b, search.sums.gram[blocks[a]][blocks[b]]);
      }
    }
    RealMatrix inverse = new CholeskyDecomposition(gram, 1e-9, 0).getSolver().getInverse();
    double[] coefficients = inverse.operate(moment).toArray();
    coefficients[0] += centre;
    return new BrokenLine(
        series, knots, ranges, coefficients, inverse.scalarMultiply(scale * scale));
  }

  double[] knots() {
    return knots;
  }

  /** Lowest and highest place of a knot. */
  double[] knotRange(int knot) {
    return knotRanges[knot];
  }

  double value(double at) {
    return product(blocks(at), coefficients);
  }

  /** The change from one place to another, with its standard error. */
  double[] change(double from, double to) {
    double[] a = blocks(from);
    double[] b = blocks(to);
    for (int i = 0; i < a.length; i++) {
      b[i] -= a[i];
    }
    return new double[] {product(b, coefficients), Math.sqrt(product(b, covariance.operate(b)))};
  }

  /** Standard error of the line at a place. */
  double stderr(double at) {
    double[] blocks = blocks(at);
    return Math.sqrt(product(blocks, covariance.operate(blocks)));
  }

  double first() {
    return series.at[0];
  }

  double last() {
    return series.at[series.size() - 1];
  }

  private double[] blocks(double at) {
    double[] blocks = new double[knots.length + 2];
    blocks[0] = 1;
    blocks[1] = at;
    for (int k = 0; k < knots.length; k++) {
      blocks[k + 2] = Math.max(0, at - knots[k]);
    }
    return blocks;
  }

  private static double product(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
