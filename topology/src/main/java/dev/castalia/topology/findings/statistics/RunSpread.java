package dev.castalia.topology.findings.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.hipparchus.distribution.continuous.FDistribution;

/**
 * Whether runs that differ in seed or data order alone end differently, and go different ways.
 *
 * <ul>
 *   <li>Ends: Cochran's Q of the final scores, χ² with k − 1 degrees if they differ by sampling
 *       alone (Cochran, "The combination of estimates from different experiments", 1954). The runs
 *       answer the same documents, so that it is taken with one variance, the mean of theirs:
 *       weights by each one's own, which goes with its score, find too many differences.
 *   <li>Ways: the same, summed over the steps of mid-training; scores of one run at neighbouring
 *       steps are not independent, so the mean over steps is held against k − 1 degrees.
 *   <li>How much wider the way is than the end: ratio of standard deviations between runs, its
 *       interval from the F distribution with k − 1 and k − 1 degrees.
 *   <li>Acquisition: Q of the places where runs acquire the task.
 * </ul>
 *
 * The first two share α half and half; the third is told, not decided on. Mid-training is where the
 * mean of the runs has gone between a tenth and nine tenths of its way, which says nothing of their
 * spread. Scores that differ are not said to be alike where their standard errors, and so a test,
 * are missing.
 *
 * <p>Where training wobbles by more than sampling from checkpoint to checkpoint, the variance of
 * both is multiplied by the square of the {@linkplain Series#roughness roughness} of all runs
 * together: it is taken for the same in all of them, and at the end as on the way.
 */
public final class RunSpread {

  /** Name of the method, for findings. */
  public static final String METHOD = "cochran-q";

  /** With fewer runs nothing is known of their spread. */
  public static final int LEAST = 3;

  private static final double BEGUN = 0.1;
  private static final double DONE = 0.9;

  public enum Difference {
    NONE,
    WAY,
    END,
    WAY_AND_END
  }

  public sealed interface Verdict {}

  /**
   * @param runs how many there are; with {@link #LEAST} or more, steps or standard errors are
   *     missing
   */
  public record NotEnoughData(int runs) implements Verdict {}

  /**
   * @param ends standard deviation between runs of the final score
   * @param middles the same in mid-training; NaN where no step lies in it
   * @param ratio middles ÷ ends; null where either is not known or 0
   * @param acquisitionPValue NaN where fewer than three runs acquire the task
   * @param middleSteps places of mid-training
   */
  public record Tested(
      Difference difference,
      double ends,
      double middles,
      Interval ratio,
      double endPValue,
      double middlePValue,
      double acquisitionPValue,
      List<Double> middleSteps)
      implements Verdict {}

  private RunSpread() {}

  /**
   * @param runs one a run: its measurements, one a place that all runs have, in the same order
   * @param acquisitions one a run that acquires the task: where, and with which standard error
   */
  public static Verdict of(
      List<List<Measurement>> runs, List<Measurement> acquisitions, double alpha) {
    int k = runs.size();
    int steps = runs.isEmpty() ? 0 : runs.getFirst().size();
    if (k < LEAST || steps < 2) {
      return new NotEnoughData(k);
    }
    List<Integer> middle = middle(runs);
    double roughness = Series.roughness(runs.stream().map(Series::new).toList());
    Series ends = at(runs, steps - 1).times(roughness);
    double endPValue = pValue(ends.sampled, differences(ends), k - 1);
    double q = 0;
    double variance = 0;
    boolean sampled = true;
    for (int step : middle) {
      Series scores = at(runs, step).times(roughness);
      q += differences(scores) / middle.size();
      variance += Math.pow(deviation(scores.value), 2) / middle.size();
      sampled &= scores.sampled;
    }
    double middles = middle.isEmpty() ? Double.NaN : Math.sqrt(variance);
    double middlePValue = middle.isEmpty() ? Double.NaN : pValue(sampled, q, k - 1);
    Series places = new Series(acquisitions);
    double acquisitionPValue =
        places.size() < LEAST
            ? Double.NaN
            : pValue(places.sampled, places.heterogeneity(), places.size() - 1);
    double end = deviation(ends.value);
    Difference difference = difference(endPValue, middlePValue, alpha);
    if (isUntested(endPValue, end)
        || difference == Difference.NONE && isUntested(middlePValue, middles)) {
      return new NotEnoughData(k);
    }
    return new Tested(
        difference,
        end,
        middles,
        ratio(middles, end, k - 1, 1 - alpha),
        endPValue,
        middlePValue,
        acquisitionPValue,
        middle.stream().map(step -> runs.getFirst().get(step).at()).toList());
  }

  private static Difference difference(double endPValue, double middlePValue, double alpha) {
    boolean end = endPValue <= alpha / 2;
    boolean way = middlePValue <= alpha / 2;
    if (way) {
      return end ? Difference.WAY_AND_END : Difference.WAY;
    }
    return end ? Difference.END : Difference.NONE;
  }

  private static boolean isUntested(double pValue, double deviation) {
    return Double.isNaN(pValue) && deviation > 0;
  }

  private static List<Integer> middle(List<List<Measurement>> runs) {
    int steps = runs.getFirst().size();
    double[] mean = new double[steps];
    for (int step = 0; step < steps; step++) {
      mean[step] = Arrays.stream(at(runs, step).value).average().orElse(Double.NaN);
    }
    double way = mean[steps - 1] - mean[0];
    List<Integer> middle = new ArrayList<>();
    for (int step = 1; step < steps - 1; step++) {
      double gone = (mean[step] - mean[0]) / way;
      if (gone > BEGUN && gone < DONE) {
        middle.add(step);
      }
    }
    return middle;
  }

  /** The runs' scores at one step; places are the runs' numbers. */
  private static Series at(List<List<Measurement>> runs, int step) {
    List<Measurement> scores = new ArrayList<>();
    for (int run = 0; run < runs.size(); run++) {
      Measurement score = Objects.requireNonNull(runs.get(run).get(step));
      scores.add(new Measurement(run, score.value(), score.stderr()));
    }
    return new Series(scores);
  }

  /** Q with one variance. */
  private static double differences(Series scores) {
    double variance = Arrays.stream(scores.stderr).map(it -> it * it).average().orElseThrow();
    return (scores.size() - 1) * Math.pow(deviation(scores.value), 2) / variance;
  }

  private static double pValue(boolean sampled, double q, int degrees) {
    return sampled ? ChiSquared.atLeast(q, degrees) : Double.NaN;
  }

  private static Interval ratio(double middles, double ends, int degrees, double confidence) {
    if (!(middles > 0) || !(ends > 0)) {
      return null;
    }
    double reach =
        Math.sqrt(
            new FDistribution(degrees, degrees).inverseCumulativeProbability(0.5 + confidence / 2));
    double ratio = middles / ends;
    return new Interval(ratio, ratio / reach, ratio * reach);
  }

  private static double deviation(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Math.sqrt(
        Arrays.stream(values).map(it -> (it - mean) * (it - mean)).sum() / (values.length - 1));
  }
}
