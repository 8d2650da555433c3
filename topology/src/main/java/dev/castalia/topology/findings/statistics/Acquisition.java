package dev.castalia.topology.findings.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * When, and how suddenly, a run acquires an ability: where its score crosses half of the way from
 * where it starts (chance, or an untrained model's score) to where it ends, and stays above.
 *
 * <p>The crossing is read from the isotonic regression of the scores (pool adjacent violators;
 * Barlow et al., "Statistical Inference under Order Restrictions", 1972), which crosses once, so
 * that a single score above the line is none. Intervals are percentiles of a parametric bootstrap:
 * scores drawn around the regression with their standard errors (Efron and Tibshirani, "An
 * Introduction to the Bootstrap", 1993, ch. 6 and 13). Where between two checkpoints a score
 * crosses is interpolated: the scores tell no more than that it does, so that intervals reach to
 * both. What is beyond a level at the first checkpoint may have crossed it at any step before.
 *
 * <p>Where a run wobbles by more than sampling, standard errors are multiplied by its {@linkplain
 * Series#roughness roughness}, which is taken for the same all along the run.
 */
public final class Acquisition {

  /** Name of the method, for findings. */
  public static final String METHOD = "isotonic-half-way";

  public static final int LEAST = 4;

  /** Acquired suddenly is from a fifth to four fifths of the way in so many doublings of steps. */
  public static final double SUDDEN_DOUBLINGS = 2;

  private static final int DRAWS = 300;
  private static final long SEED = 20260101;
  private static final double EARLY = 0.2;
  private static final double LATE = 0.8;

  public enum Pace {
    SUDDEN,
    GRADUAL,
    /** The interval of its duration holds both. */
    UNDETERMINED,
    /** The first measurement is beyond the half already. */
    BEFORE
  }

  public sealed interface Verdict {}

  public record NotEnoughData(int measurements) implements Verdict {}

  /**
   * @param gain from start to end, with its interval
   * @param pValue one-sided
   */
  public record NotAcquired(Interval gain, double pValue) implements Verdict {}

  /**
   * @param at the place of the crossing; its interval holds the checkpoints on either side, or
   *     begins where the ability may have begun if the first checkpoint is beyond it
   * @param doublings from a fifth to four fifths of the way, in doublings of steps
   * @param spread standard deviation of the crossing in the bootstrap
   */
  public record Acquired(
      Interval gain, double pValue, Interval at, Interval doublings, Pace pace, double spread)
      implements Verdict {}

  private Acquisition() {}

  /**
   * @param measurements by place, see {@link Measurement#place}; higher is more able
   * @param start the score of who does not have the ability, with the place before which nothing is
   *     acquired: 0 where it is not one of the measurements; stderr 0 where it is known
   * @param alpha rate at which a run without the ability is said to have it, at most
   */
  public static Verdict of(List<Measurement> measurements, Measurement start, double alpha) {
    Series measured = new Series(measurements);
    int n = measured.size();
    if (n < LEAST) {
      return new NotEnoughData(n);
    }
    double roughness = Series.roughness(List.of(measured));
    Series series = measured.times(roughness);
    double confidence = 1 - alpha;
    double gain = series.value[n - 1] - start.value();
    double startStderr =
        Double.isNaN(start.stderr()) ? series.stderr[0] : roughness * start.stderr();
    double stderr = Math.hypot(series.stderr[n - 1], startStderr);
    double pValue = Interval.oneSided(gain / stderr);
    Interval gained = Interval.normal(gain, stderr, confidence);
    if (pValue > alpha) {
      return new NotAcquired(gained, pValue);
    }
    double[] weights = series.weights();
    double[] fitted = isotonic(series.value, weights);
    double origin = Math.min(start.at(), series.at[0]);
    Crossings observed = crossings(series.at, origin, fitted, start.value(), series.value[n - 1]);
    List<Interval> halves = new ArrayList<>();
    List<Interval> durations = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(SEED);
    double[] values = new double[n];
    for (int draw = 0; draw < DRAWS; draw++) {
      for (int i = 0; i < n; i++) {
        values[i] = fitted[i] + series.stderr[i] * random.nextGaussian();
      }
      double begin = start.value() + startStderr * random.nextGaussian();
      double end = values[n - 1] + series.value[n - 1] - fitted[n - 1];
      Crossings crossings =
          crossings(series.at, origin, isotonic(values, weights), begin, Math.max(end, begin));
      halves.add(crossings.half);
      durations.add(crossings.doublings());
    }
    Interval at = percentiles(observed.half, halves, alpha);
    Interval doublings = percentiles(observed.doublings(), durations, alpha);
    Pace pace = pace(doublings);
    if (observed.half.estimate() == series.at[0]) {
      pace = Pace.BEFORE;
    }
    return new Acquired(gained, pValue, at, doublings, pace, deviation(halves));
  }

  private static Pace pace(Interval doublings) {
    return doublings.high() <= SUDDEN_DOUBLINGS
        ? Pace.SUDDEN
        : doublings.low() > SUDDEN_DOUBLINGS ? Pace.GRADUAL : Pace.UNDETERMINED;
  }

  /** Places, each with those of the checkpoints that it lies between. */
  private record Crossings(Interval early, Interval half, Interval late) {
    Interval doublings() {
      return new Interval(
          late.estimate() - early.estimate(),
          Math.max(0, late.low() - early.high()),
          late.high() - early.low());
    }
  }

  private static Crossings crossings(
      double[] at, double origin, double[] rising, double start, double end) {
    double way = end - start;
    return new Crossings(
        crossing(at, origin, rising, start + EARLY * way),
        crossing(at, origin, rising, start + way / 2),
        crossing(at, origin, rising, start + LATE * way));
  }

  private static Interval crossing(double[] at, double origin, double[] rising, double level) {
    for (int i = 0; i < at.length; i++) {
      if (rising[i] >= level) {
        if (i == 0) {
          return new Interval(at[0], origin, at[0]);
        }
        double share = (level - rising[i - 1]) / (rising[i] - rising[i - 1]);
        return new Interval(at[i - 1] + share * (at[i] - at[i - 1]), at[i - 1], at[i]);
      }
    }
    double last = at[at.length - 1];
    return new Interval(last, last, last);
  }

  /** The closest rising sequence, by weighted squares. */
  static double[] isotonic(double[] values, double[] weights) {
    int n = values.length;
    double[] level = new double[n];
    double[] weight = new double[n];
    int[] size = new int[n];
    int blocks = 0;
    for (int i = 0; i < n; i++) {
      level[blocks] = values[i];
      weight[blocks] = weights[i];
      size[blocks] = 1;
      blocks++;
      while (blocks > 1 && level[blocks - 2] > level[blocks - 1]) {
        double sum = weight[blocks - 2] + weight[blocks - 1];
        level[blocks - 2] += (level[blocks - 1] - level[blocks - 2]) * (weight[blocks - 1] / sum);
        weight[blocks - 2] = sum;
        size[blocks - 2] += size[blocks - 1];
        blocks--;
      }
    }
    double[] fitted = new double[n];
    int at = 0;
    for (int block = 0; block < blocks; block++) {
      Arrays.fill(fitted, at, at + size[block], level[block]);
      at += size[block];
    }
    return fitted;
  }

  private static Interval percentiles(Interval observed, List<Interval> drawn, double alpha) {
    double[] lows = drawn.stream().mapToDouble(Interval::low).sorted().toArray();
    double[] highs = drawn.stream().mapToDouble(Interval::high).sorted().toArray();
    int cut = (int) Math.floor(alpha / 2 * drawn.size());
    return new Interval(
        observed.estimate(),
        Math.min(observed.low(), lows[cut]),
        Math.max(observed.high(), highs[highs.length - 1 - cut]));
  }

  private static double deviation(List<Interval> drawn) {
    double mean = drawn.stream().mapToDouble(Interval::estimate).average().orElseThrow();
    return Math.sqrt(
        drawn.stream().mapToDouble(it -> (it.estimate() - mean) * (it.estimate() - mean)).sum()
            / (drawn.size() - 1));
  }
}
