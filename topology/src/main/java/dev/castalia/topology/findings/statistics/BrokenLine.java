package dev.castalia.topology.findings.statistics;

import static java.util.Comparator.comparingDouble;

import java.util.Arrays;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.hipparchus.util.Combinations;

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

  private final Sums sums;
  private final Fit fit;

  /** Lines that cannot be told from this one, which is one of them, of at most one knot more. */
  private final List<Fit> alike;

  private final double centre;
  private final double scale;

  /** The largest χ² of such a line. */
  private final double tolerated;

  private BrokenLine(
      Sums sums, Fit fit, List<Fit> alike, double centre, double scale, double tolerated) {
    this.sums = sums;
    this.fit = fit;
    this.alike = alike;
    this.centre = centre;
    this.scale = scale;
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
    final Series series;
    final double[] places;
    final double[][] gram;
    final double[] moment;
    final double total;

    Sums(Series series, double[] places) {
      this.series = series;
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

    /** The same from the other end, each place with the opposite sign. */
    Sums mirrored() {
      double[] opposite = Arrays.stream(places).map(it -> -it).toArray();
      return new Sums(series.mirrored(), Series.reversed(opposite));
    }

    /**
     * The best line of each choice of so many knots that the data determine.
     *
     * @param flat whether it is flat before the first of them
     */
    Stream<Fit> lines(int knots, boolean flat) {
      Iterable<int[]> choices = new Combinations(places.length, knots);
      return StreamSupport.stream(choices.spliterator(), false)
          .map(choice -> fit(choice, flat))
          .filter(Objects::nonNull);
    }

    /** Null where it is not determined. */
    private Fit fit(int[] knots, boolean flat) {
      int before = flat ? 1 : 2;
      int size = knots.length + before;
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
              return null;
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
      double[] at = Arrays.stream(knots).mapToDouble(place -> places[place]).toArray();
      return new Fit(at, lower, solved, Math.max(0, total - explained));
    }
  }

  /**
   * A line of given knots, around the mean.
   *
   * @param lower Cholesky's factor of the normal equations
   * @param solved its inverse times their right side
   */
  private record Fit(double[] knots, double[][] lower, double[] solved, double chiSquare) {

    /** What the line's value at a place is of its coefficients. */
    double[] at(double place) {
      double[] factors = new double[knots.length + 2];
      factors[0] = 1;
      factors[1] = place;
      for (int k = 0; k < knots.length; k++) {
        factors[k + 2] = Math.max(0, place - knots[k]);
      }
      return factors;
    }

    double value(double place) {
      return of(at(place)).value;
    }

    /**
     * A sum of its coefficients times factors, with its standard error where residuals are as large
     * as the measurements' standard errors.
     */
    Estimate of(double[] factors) {
      double[] solution = new double[factors.length];
      double value = 0;
      double variance = 0;
      for (int i = 0; i < factors.length; i++) {
        double right = factors[i];
        for (int k = 0; k < i; k++) {
          right -= lower[i][k] * solution[k];
        }
        solution[i] = right / lower[i][i];
        value += solution[i] * solved[i];
        variance += solution[i] * solution[i];
      }
      return new Estimate(value, Math.sqrt(variance));
    }

    /** With the places of the knots. */
    int parameters() {
      return 2 + 2 * knots.length;
    }

    Estimate change(double from, double to) {
      return of(sum(1, at(to), -1, at(from)));
    }
  }

  private record Estimate(double value, double stderr) {}

  /**
   * @param confidence of all intervals, which are by profile likelihood
   */
  static BrokenLine fit(Series series, double confidence) {
    int n = series.size();
    // Sums of squares cancel less around the mean.
    double centre = series.mean();
    Sums sums = new Sums(series.minus(centre), places(series));
    int most = Math.max(0, Math.min(Math.min(MOST_KNOTS, sums.places.length), (n - 4) / 2));
    List<Fit> lines =
        IntStream.rangeClosed(0, most).boxed().flatMap(knots -> sums.lines(knots, false)).toList();
    int richest = lines.getLast().knots.length;
    double scale =
        scale(
            lines.stream()
                .filter(line -> line.knots.length == richest)
                .min(comparingDouble(Fit::chiSquare))
                .orElseThrow(),
            n);
    Fit chosen =
        Collections.min(
            lines,
            comparingDouble(
                line -> line.chiSquare / (scale * scale) + line.parameters() * Math.log(n)));
    double rise = Interval.normalQuantile(confidence) * scale;
    double tolerated = chosen.chiSquare + rise * rise;
    List<Fit> alike =
        lines.stream()
            .filter(line -> line.knots.length <= chosen.knots.length + 1)
            .filter(line -> line.chiSquare <= tolerated)
            .toList();
    return new BrokenLine(sums, chosen, alike, centre, scale, tolerated);
  }

  private static double scale(Fit richest, int measurements) {
    int degrees = measurements - richest.parameters();
    return degrees < 1 ? 1 : Math.max(1, Math.sqrt(richest.chiSquare / degrees));
  }

  double[] knots() {
    return fit.knots;
  }

  double value(double at) {
    return centre + fit.value(at);
  }

  /** Whether it changes from one knot, or end, to the next by more than chance. */
  boolean moves(double from, double to, double confidence) {
    Estimate change = fit.change(from, to);
    return Math.abs(change.value) > Interval.normalQuantile(confidence) * scale * change.stderr;
  }

  /**
   * Where the line begins to move, when it does so at the given place: the range of all places from
   * which on a line that is flat before fits as well. It ends at the places next to them, for what
   * lies between two places is not tried.
   */
  Interval onset(double at) {
    return onset(sums, at);
  }

  /** Where it moves no more, alike. */
  Interval plateau(double at) {
    Interval mirrored = onset(sums.mirrored(), -at);
    return new Interval(at, -mirrored.high(), -mirrored.low());
  }

  private Interval onset(Sums sums, double at) {
    DoubleSummaryStatistics places = new DoubleSummaryStatistics();
    places.accept(at);
    int most = Math.min(Math.min(fit.knots.length + 1, MOST_KNOTS), sums.places.length);
    IntStream.rangeClosed(1, most)
        .boxed()
        .flatMap(knots -> sums.lines(knots, true))
        .filter(line -> line.chiSquare <= tolerated)
        .forEach(line -> places.accept(line.knots[0]));
    double before = sums.series.at[0];
    double after = sums.series.at[sums.series.size() - 1];
    for (double place : sums.places) {
      if (place < places.getMin()) {
        before = place;
      } else if (place > places.getMax()) {
        after = Math.min(after, place);
      }
    }
    return new Interval(at, before, after);
  }

  /** From the first measurement to the last. */
  Interval change() {
    return interval(fit -> fit.change(first(), last()));
  }

  /** By how much farther from a value the last measurement is than the first. */
  Interval distance(double from) {
    return interval(fit -> distance(fit, from - centre));
  }

  private Estimate distance(Fit fit, double from) {
    double before = fit.value(first()) - from;
    double after = fit.value(last()) - from;
    double[] factors =
        sum(Math.signum(after), fit.at(last()), -Math.signum(before), fit.at(first()));
    return new Estimate(Math.abs(after) - Math.abs(before), fit.of(factors).stderr);
  }

  /**
   * All that lines which fit as well leave open: one line's interval alone would take its knots for
   * known, and be too short by far where the data do not tell how many there are.
   */
  private Interval interval(Function<Fit, Estimate> quantity) {
    DoubleSummaryStatistics range = new DoubleSummaryStatistics();
    for (Fit line : alike) {
      Estimate estimate = quantity.apply(line);
      double reach = estimate.stderr * Math.sqrt(tolerated - line.chiSquare);
      range.accept(estimate.value - reach);
      range.accept(estimate.value + reach);
    }
    return new Interval(quantity.apply(fit).value, range.getMin(), range.getMax());
  }

  double first() {
    return sums.series.at[0];
  }

  double last() {
    return sums.series.at[sums.series.size() - 1];
  }

  private static double[] sum(double a, double[] some, double b, double[] others) {
    return IntStream.range(0, some.length).mapToDouble(i -> a * some[i] + b * others[i]).toArray();
  }
}
