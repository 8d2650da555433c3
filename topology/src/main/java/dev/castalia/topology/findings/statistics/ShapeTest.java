package dev.castalia.topology.findings.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;

/**
 * Tests whether a series is one constant, against a family of shapes. The statistic is how much the
 * best-fitting shape improves on the constant, max over shapes of the squared projection of the
 * standardised series (a maximum-contrast test: Hothorn, Bretz and Westfall, "Simultaneous
 * inference in general parametric models", 2008). Its distribution under the constant is drawn:
 *
 * <ul>
 *   <li>With standard errors, by normal noise of that size, or of the scatter from one measurement
 *       to the next where this is larger: a change must be more than sampling documents explains,
 *       and more than the roughness of training. Scatter is not told from change in fewer than
 *       {@value #LEAST_FOR_SCATTER_OF_RAMPS} measurements, of a trend or step in fewer than {@value
 *       #LEAST_FOR_SCATTER_OF_TREND}.
 *   <li>Without, by permuting the series.
 * </ul>
 *
 * Draws stop early once the answer is clear (Besag and Clifford, "Sequential Monte Carlo p-values",
 * 1991).
 */
final class ShapeTest {

  private static final int DRAWS = 399;
  private static final int CLEAR = 50;
  private static final int LEAST_FOR_SCATTER_OF_RAMPS = 8;
  private static final int LEAST_FOR_SCATTER_OF_TREND = 7;
  private static final long SEED = 20260101;

  private final Series series;
  private final int leastForScatter;

  /** Building blocks, weighted and centred. */
  private final List<double[]> blocks = new ArrayList<>();

  /** Of blocks a, and b or −1: the shape a − b. */
  private final List<int[]> shapes = new ArrayList<>();

  private double[] norms;

  private ShapeTest(Series series, int leastForScatter) {
    this.series = series;
    this.leastForScatter = leastForScatter;
  }

  /** From one level to another, by a straight line between any two of those places. */
  static double ramps(Series series, double[] places) {
    ShapeTest test = new ShapeTest(series, LEAST_FOR_SCATTER_OF_RAMPS);
    for (double place : places) {
      test.addBlock(at -> Math.max(0, at - place));
    }
    for (int a = 0; a < places.length; a++) {
      for (int b = a + 1; b < places.length; b++) {
        test.shapes.add(new int[] {a, b});
      }
    }
    return test.pValue();
  }

  /** A straight line, or a step between two neighbours. */
  static double trendOrStep(Series series) {
    ShapeTest test = new ShapeTest(series, LEAST_FOR_SCATTER_OF_TREND);
    test.addBlock(at -> at);
    for (int i = 1; i < series.size(); i++) {
      double middle = (series.at[i - 1] + series.at[i]) / 2;
      test.addBlock(at -> at > middle ? 1 : 0);
    }
    for (int a = 0; a < test.blocks.size(); a++) {
      test.shapes.add(new int[] {a, -1});
    }
    return test.pValue();
  }

  private void addBlock(DoubleUnaryOperator shape) {
    int n = series.size();
    double[] block = new double[n];
    double sum = 0;
    double weights = 0;
    for (int i = 0; i < n; i++) {
      block[i] = shape.applyAsDouble(series.at[i]);
      sum += series.weight(i) * block[i];
      weights += series.weight(i);
    }
    for (int i = 0; i < n; i++) {
      block[i] = (block[i] - sum / weights) / series.stderr[i];
    }
    blocks.add(block);
  }

  private double pValue() {
    norms = new double[shapes.size()];
    for (int s = 0; s < norms.length; s++) {
      double norm = 0;
      for (int i = 0; i < series.size(); i++) {
        double entry = entry(shapes.get(s), i);
        norm += entry * entry;
      }
      norms[s] = norm;
    }
    double mean = series.mean();
    double[] residuals = new double[series.size()];
    Arrays.setAll(residuals, i -> (series.value[i] - mean) / series.stderr[i]);
    double observed = statistic(residuals);
    if (observed == 0) {
      return 1;
    }
    SplittableRandom random = new SplittableRandom(SEED);
    if (!series.sampled) {
      return share(observed, () -> statistic(shuffled(residuals, random)));
    }
    double bySampling = share(observed, () -> statistic(noise(random)));
    if (series.size() < leastForScatter || bySampling > 0.5) {
      return bySampling;
    }
    double byScatter = share(studentised(residuals), () -> studentised(noise(random)));
    return Math.max(bySampling, byScatter);
  }

  private double[] noise(SplittableRandom random) {
    double[] noise = new double[series.size()];
    Arrays.setAll(noise, i -> random.nextGaussian());
    return noise;
  }

  /** The statistic in units of the scatter, whatever that is. */
  private double studentised(double[] z) {
    return statistic(z) / Math.pow(Series.scatter(series.at, z), 2);
  }

  private double entry(int[] shape, int i) {
    return blocks.get(shape[0])[i] - (shape[1] < 0 ? 0 : blocks.get(shape[1])[i]);
  }

  private double statistic(double[] z) {
    double[] dots = new double[blocks.size()];
    for (int b = 0; b < dots.length; b++) {
      double[] block = blocks.get(b);
      double dot = 0;
      for (int i = 0; i < z.length; i++) {
        dot += block[i] * z[i];
      }
      dots[b] = dot;
    }
    double best = 0;
    for (int s = 0; s < norms.length; s++) {
      int[] shape = shapes.get(s);
      double dot = dots[shape[0]] - (shape[1] < 0 ? 0 : dots[shape[1]]);
      if (norms[s] > 1e-12) {
        best = Math.max(best, dot * dot / norms[s]);
      }
    }
    return best;
  }

  private double share(double observed, DoubleSupplier draw) {
    // What equals the observed up to rounding, such as the series itself or its mirror, counts.
    double threshold = observed * (1 - 1e-9);
    int reached = 0;
    for (int drawn = 1; drawn <= DRAWS; drawn++) {
      if (draw.getAsDouble() >= threshold) {
        reached++;
        if (reached == CLEAR) {
          return (double) reached / drawn;
        }
      }
    }
    return (reached + 1.0) / (DRAWS + 1);
  }

  private static double[] shuffled(double[] values, SplittableRandom random) {
    double[] copy = values.clone();
    for (int i = copy.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      double swap = copy[i];
      copy[i] = copy[j];
      copy[j] = swap;
    }
    return copy;
  }
}
