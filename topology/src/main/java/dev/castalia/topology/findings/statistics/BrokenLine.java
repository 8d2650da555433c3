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

  private final Series centred;
  private final double[] knots;
  private final double[] coefficients;
  private final RealMatrix covariance;

  /** The largest χ² of a line that cannot be told from this one. */
  private final double tolerated;

  private BrokenLine(
      Series centred,
      double[] knots,
      double[] coefficients,
      RealMatrix covariance,
      double tolerated) {
    this.centred = centred;
    this.knots = knots;
    this.coefficients = coefficients;
    this.covariance = covariance;
    this.tolerated = tolerated;
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

    /**
     * χ² of the line with these knots; infinite where it is not determined.
     *
     * @param flat whether it is flat before the first of them
     */
    double chiSquare(int[] knots, int count, boolean flat) {
      int before = flat ? 1 : 2;
      int size = count + before;
      double[][] lower = new double[size][size];
      double[] solved = new double[size];
      double explained = 0;
      for (int i = 0; i < size; i++) {
        int block = i < before ? i : knots[i - before] + 2;
        for (int j = 0; j <= i; j++) {
          double sum = gram[block][j < before ? j : knots[j - before] + 2];
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

  /** The best choice of so many knots, and the least χ² by the place of the first of them. */
  private static final class Search {
    final Sums sums;
    final int count;
    final boolean flat;
    final int[] current;
    final double[] byFirst;
    int[] best;
    double chiSquare = Double.POSITIVE_INFINITY;

    Search(Sums sums, int count, boolean flat) {
      this.sums = sums;
      this.count = count;
      this.flat = flat;
      this.current = new int[count];
      this.byFirst = new double[sums.places.length];
      Arrays.fill(byFirst, Double.POSITIVE_INFINITY);
      choose(0, 0);
    }

    private void choose(int chosen, int from) {
      if (chosen == count) {
        double now = sums.chiSquare(current, count, flat);
        if (count > 0) {
          byFirst[current[0]] = Math.min(byFirst[current[0]], now);
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
  }

  /**
   * @param confidence of the ranges of onset and plateau, by profile likelihood
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
      searches[count] = new Search(sums, count, false);
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
    return line(centred, centre, chosen, scale, confidence);
  }

  private static double scale(Search richest, int degrees) {
    return degrees < 1 ? 1 : Math.max(1, Math.sqrt(richest.chiSquare / degrees));
  }

  private static BrokenLine line(
      Series centred, double centre, Search search, double scale, double confidence) {
    int size = search.count + 2;
    int[] blocks = new int[size];
    blocks[1] = 1;
    double[] knots = new double[search.count];
    for (int k = 0; k < search.count; k++) {
      blocks[k + 2] = search.best[k] + 2;
      knots[k] = search.sums.places[search.best[k]];
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
    double rise = Interval.normalQuantile(confidence) * scale;
    return new BrokenLine(
        centred,
        knots,
        coefficients,
        inverse.scalarMultiply(scale * scale),
        search.chiSquare + rise * rise);
  }

  double[] knots() {
    return knots;
  }

  /**
   * Where the line begins to move, when it does so at the given place: the range of all places from
   * which on a line that is flat before, and has at most one knot more than this one, fits as well.
   * It ends at the places next to them, for what lies between two places is not tried.
   */
  Interval onset(double at) {
    return onset(centred, places(centred), at);
  }

  /** Where it moves no more, alike. */
  Interval plateau(double at) {
    double[] opposite = Arrays.stream(places(centred)).map(it -> -it).toArray();
    Interval mirrored = onset(centred.mirrored(), Series.reversed(opposite), -at);
    return new Interval(at, -mirrored.high(), -mirrored.low());
  }

  private Interval onset(Series series, double[] places, double at) {
    Sums sums = new Sums(series, places);
    double low = at;
    double high = at;
    int most = Math.min(Math.min(knots.length + 1, MOST_KNOTS), places.length);
    for (int count = 1; count <= most; count++) {
      double[] chiSquares = new Search(sums, count, true).byFirst;
      for (int place = 0; place < places.length; place++) {
        if (chiSquares[place] <= tolerated) {
          low = Math.min(low, places[place]);
          high = Math.max(high, places[place]);
        }
      }
    }
    double before = series.at[0];
    double after = series.at[series.size() - 1];
    for (double place : places) {
      if (place < low) {
        before = place;
      } else if (place > high) {
        after = Math.min(after, place);
      }
    }
    return new Interval(at, before, after);
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
    return centred.at[0];
  }

  double last() {
    return centred.at[centred.size() - 1];
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
