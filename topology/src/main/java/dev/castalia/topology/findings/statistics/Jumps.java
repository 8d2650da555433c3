package dev.castalia.topology.findings.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Checkpoints whose scores jump out of a run's trajectories and back: wrong weights under a name, a
 * broken file.
 *
 * <p>At every inner checkpoint and on every task, the score's distance from the range of its two
 * neighbours, in standard errors; a score between its neighbours has none, so that a steep but
 * monotone stretch is no jump. Nor has one that is nearer than the neighbours are to each other: it
 * does not jump back, and one of them may be what is wrong. Two statistics a checkpoint: the sum of
 * squares over tasks, at most χ² with one degree a task if nothing jumps, for a checkpoint that is
 * wrong altogether; and the largest, for one task. Both at half the rate α over all checkpoints of
 * the run (Bonferroni). The worst is taken out and the rest looked at again, since it pulls its
 * neighbours' ranges (as Rosner, "Percentage points for a generalized ESD many-outlier procedure",
 * 1983, does).
 *
 * <p>Where training is rougher than sampling, distances are divided by the {@linkplain
 * Series#roughness roughness} of all tasks together without the checkpoint: of the whole run, of
 * the {@value #NEAR} checkpoints before or of those after, whichever is largest. It is taken for
 * the same on every task, and for independent from one to another.
 *
 * <p>Two or more wrong checkpoints in a row, or every other one, are not found: they look like a
 * run that is rough there, or like another level. On a steep stretch the last checkpoint before
 * three or more in a row may be what jumps out, and be named.
 */
public final class Jumps {

  /** Name of the method, for findings. */
  public static final String METHOD = "neighbour-range-chi-square";

  /** With fewer checkpoints there is no range to jump out of. */
  public static final int LEAST = 5;

  private static final int MOST = 20;

  /** How many second differences on a side tell how rough a run is there. */
  private static final int NEAR = 3;

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
    List<Known> known = tasks.stream().map(task -> Known.of(task, out)).toList();
    double[][] distances = new double[tasks.size()][];
    Arrays.setAll(distances, task -> known.get(task).distances(n));
    Jump worst = null;
    long looked = 0;
    for (int i = 0; i < n; i++) {
      int checkpoint = i;
      looked += Arrays.stream(distances).anyMatch(it -> !Double.isNaN(it[checkpoint])) ? 1 : 0;
    }
    for (int i = 0; i < n; i++) {
      Jump jump = jump(distances, i, looked, 1);
      if (jump.pValue() <= alpha) {
        jump = jump(distances, i, looked, roughness(known, i));
      }
      if (jump.pValue() <= alpha && (worst == null || isWorse(jump, worst))) {
        worst = jump;
      }
    }
    return worst;
  }

  private static Jump jump(double[][] distances, int checkpoint, long looked, double scale) {
    double sum = 0;
    double largest = 0;
    int count = 0;
    for (double[] task : distances) {
      if (!Double.isNaN(task[checkpoint])) {
        double distance = task[checkpoint] / scale;
        sum += distance * distance;
        largest = Math.abs(distance) > Math.abs(largest) ? distance : largest;
        count++;
      }
    }
    double together = count == 0 ? 1 : ChiSquared.atLeast(sum, count);
    double alone = count == 0 ? 1 : count * Interval.twoSided(largest);
    double pValue = Math.min(1, 2 * looked * Math.min(together, alone));
    return new Jump(checkpoint, beyond(distances, checkpoint, scale), pValue, largest);
  }

  private static boolean isWorse(Jump jump, Jump worst) {
    return jump.pValue() < worst.pValue()
        || jump.pValue() == worst.pValue() && Math.abs(jump.largest()) > Math.abs(worst.largest());
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

  /** Of the run without that checkpoint, around which it may be rougher than elsewhere. */
  private static double roughness(List<Known> tasks, int checkpoint) {
    DoubleStream.Builder all = DoubleStream.builder();
    DoubleStream.Builder before = DoubleStream.builder();
    DoubleStream.Builder after = DoubleStream.builder();
    for (Known task : tasks) {
      int place = Collections.binarySearch(task.checkpoints, checkpoint);
      Series others = place < 0 ? task.series : task.series.without(place);
      int next = place < 0 ? -place - 1 : place;
      double[] differences = others.secondDifferences();
      for (int d = 0; d < differences.length; d++) {
        int i = d + 1;
        all.add(differences[d]);
        if (i < next && i >= next - NEAR) {
          before.add(differences[d]);
        } else if (i >= next && i < next + NEAR) {
          after.add(differences[d]);
        }
      }
    }
    return Stream.of(all, before, after)
        .mapToDouble(it -> Series.roughness(it.build().toArray()))
        .max()
        .orElseThrow();
  }

  /**
   * A task's scores that are there and not taken out.
   *
   * @param checkpoints their indices
   */
  private record Known(List<Integer> checkpoints, Series series) {

    static Known of(List<Measurement> scores, boolean[] out) {
      List<Integer> checkpoints = new ArrayList<>();
      List<Measurement> known = new ArrayList<>();
      for (int i = 0; i < scores.size(); i++) {
        Measurement score = scores.get(i);
        if (score != null && !out[i] && Double.isFinite(score.value())) {
          checkpoints.add(i);
          known.add(new Measurement(i, score.value(), score.stderr()));
        }
      }
      return new Known(checkpoints, new Series(known));
    }

    /** Signed distances from the range of the neighbours; NaN where there is nothing to say. */
    double[] distances(int n) {
      double[] distances = new double[n];
      Arrays.fill(distances, Double.NaN);
      if (series.size() < LEAST) {
        return distances;
      }
      for (int i = 1; i < series.size() - 1; i++) {
        int nearest =
            Math.abs(series.value[i] - series.value[i - 1])
                    < Math.abs(series.value[i] - series.value[i + 1])
                ? i - 1
                : i + 1;
        double low = Math.min(series.value[i - 1], series.value[i + 1]);
        double high = Math.max(series.value[i - 1], series.value[i + 1]);
        double off = series.value[i] - Math.clamp(series.value[i], low, high);
        distances[checkpoints.get(i)] =
            Math.abs(off) < high - low
                ? 0
                : off / Math.hypot(series.stderr[i], series.stderr[nearest]);
      }
      return distances;
    }
  }
}
