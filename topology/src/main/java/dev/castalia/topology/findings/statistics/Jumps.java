package dev.castalia.topology.findings.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.hipparchus.stat.descriptive.rank.Median;

/**
 * Checkpoints whose scores jump out of a run's trajectories and back: wrong weights under a name, a
 * broken file.
 *
 * <p>At every inner checkpoint and on every task, the score's distance from the range of its two
 * neighbours, in standard errors; a score between its neighbours has none, so that a steep but
 * monotone stretch is no jump. Two statistics a checkpoint: the sum of squares over tasks, at most
 * χ² with one degree a task if nothing jumps, for a checkpoint that is wrong altogether; and the
 * largest, for one task. Both at half the rate α over all checkpoints of the run (Bonferroni). The
 * worst is taken out and the rest looked at again, since it pulls its neighbours' ranges (as
 * Rosner, "Percentage points for a generalized ESD many-outlier procedure", 1983, does).
 *
 * <p>Where training itself is rougher than sampling, squares are divided by the median over
 * checkpoints of their mean over tasks, if that exceeds 1.
 */
public final class Jumps {

  /** Name of the method, for findings. */
  public static final String METHOD = "neighbour-range-chi-square";

  /** With fewer checkpoints there is no range to jump out of. */
  public static final int LEAST = 5;

  private static final int MOST = 20;

  /**
   * @param checkpoint index of the checkpoint
   * @param tasks indices of the tasks on which its distance is beyond two standard errors
   * @param pValue over the whole run
   * @param largest distance in standard errors, signed, of the task where it is largest
   */
  public record Jump(int checkpoint, List<Integer> tasks, double pValue, double largest) {}

  private Jumps() {}

  /**
   * @param tasks one a task: a measurement a checkpoint of the run, in order of steps; null where
   *     there is none
   * @param alpha rate at which a run without jumps is said to have one, at most
   */
  public static List<Jump> of(List<List<Measurement>> tasks, double alpha) {
    int n = tasks.isEmpty() ? 0 : tasks.getFirst().size();
    boolean[] out = new boolean[n];
    List<Jump> jumps = new ArrayList<>();
    while (jumps.size() < MOST && n - jumps.size() >= LEAST) {
      Jump worst = worst(tasks, out, alpha);
      if (worst == null) {
        break;
      }
      out[worst.checkpoint()] = true;
      jumps.add(worst);
    }
    jumps.sort(Comparator.comparingInt(Jump::checkpoint));
    return jumps;
  }

  private static Jump worst(List<List<Measurement>> tasks, boolean[] out, double alpha) {
    int n = out.length;
    double[][] distances = new double[tasks.size()][];
    Arrays.setAll(distances, task -> distances(tasks.get(task), out));
    double scale = scale(distances, n);
    Jump worst = null;
    long looked = 0;
    for (int i = 0; i < n; i++) {
      int checkpoint = i;
      looked += Arrays.stream(distances).anyMatch(it -> !Double.isNaN(it[checkpoint])) ? 1 : 0;
    }
    for (int i = 0; i < n; i++) {
      double sum = 0;
      double largest = 0;
      int count = 0;
      for (double[] task : distances) {
        if (!Double.isNaN(task[i])) {
          double distance = task[i] / scale;
          sum += distance * distance;
          largest = Math.abs(distance) > Math.abs(largest) ? distance : largest;
          count++;
        }
      }
      if (count == 0) {
        continue;
      }
      double together = ChiSquared.atLeast(sum, count);
      double alone = count * Interval.twoSided(largest);
      double pValue = Math.min(1, 2 * looked * Math.min(together, alone));
      if (pValue <= alpha && (worst == null || isWorse(pValue, largest, worst))) {
        worst = new Jump(i, beyond(distances, i, scale), pValue, largest);
      }
    }
    return worst;
  }

  private static boolean isWorse(double pValue, double largest, Jump worst) {
    return pValue < worst.pValue()
        || pValue == worst.pValue() && Math.abs(largest) > Math.abs(worst.largest());
  }

  private static List<Integer> beyond(double[][] distances, int checkpoint, double scale) {
    List<Integer> tasks = new ArrayList<>();
    for (int task = 0; task < distances.length; task++) {
      if (Math.abs(distances[task][checkpoint]) > 2 * scale) {
        tasks.add(task);
      }
    }
    return tasks;
  }

  private static double scale(double[][] distances, int n) {
    List<Double> means = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double sum = 0;
      int count = 0;
      for (double[] task : distances) {
        if (!Double.isNaN(task[i])) {
          sum += task[i] * task[i];
          count++;
        }
      }
      if (count > 0) {
        means.add(sum / count);
      }
    }
    if (means.isEmpty()) {
      return 1;
    }
    double median =
        new Median().evaluate(means.stream().mapToDouble(Double::doubleValue).toArray());
    return Math.max(1, Math.sqrt(median));
  }

  /** Signed distances from the range of the neighbours; NaN where there is nothing to say. */
  private static double[] distances(List<Measurement> scores, boolean[] out) {
    double[] distances = new double[scores.size()];
    Arrays.fill(distances, Double.NaN);
    List<Integer> there = new ArrayList<>();
    List<Measurement> known = new ArrayList<>();
    for (int i = 0; i < scores.size(); i++) {
      Measurement score = scores.get(i);
      if (score != null && !out[i] && Double.isFinite(score.value())) {
        there.add(i);
        known.add(new Measurement(i, score.value(), score.stderr()));
      }
    }
    if (known.size() < LEAST) {
      return distances;
    }
    Series series = new Series(known);
    for (int i = 1; i < series.size() - 1; i++) {
      int nearest =
          Math.abs(series.value[i] - series.value[i - 1])
                  < Math.abs(series.value[i] - series.value[i + 1])
              ? i - 1
              : i + 1;
      double low = Math.min(series.value[i - 1], series.value[i + 1]);
      double high = Math.max(series.value[i - 1], series.value[i + 1]);
      double off = series.value[i] - Math.clamp(series.value[i], low, high);
      distances[there.get(i)] = off / Math.hypot(series.stderr[i], series.stderr[nearest]);
    }
    return distances;
  }
}
