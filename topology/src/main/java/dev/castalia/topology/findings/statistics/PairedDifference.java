package dev.castalia.topology.findings.statistics;

import java.util.List;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * What one treatment changes, from pairs of runs that differ in it alone. A pair of runs is one
 * observation, however many checkpoints it has: they share initialisation, data order and test
 * documents, so that their differences are not independent. A pair's difference is the mean over
 * its checkpoints; Student's paired t-test takes the scatter from pair to pair, run-to-run
 * variation included, as the error (Student, "The probable error of a mean", 1908).
 */
public final class PairedDifference {

  /** Name of the method, for findings. */
  public static final String METHOD = "paired-t";

  /** Name of the method that speaks of these runs alone. */
  public static final String METHOD_OF_THESE_RUNS = "paired-z";

  /** The same, where the documents' own differences are the sample. */
  public static final String METHOD_BY_DOCUMENT = "paired-z-by-document";

  /** With fewer pairs of runs the scatter between them is not known. */
  public static final int LEAST = 3;

  public sealed interface Verdict {}

  public record NotEnoughData(int pairs) implements Verdict {}

  /**
   * @param effect mean difference, with its interval
   * @param pValue two-sided
   */
  public record Tested(Interval effect, double pValue) implements Verdict {}

  private PairedDifference() {}

  /**
   * The same of these very runs: the mean difference against the error of sampling documents, a
   * two-sided z-test. It says nothing of other runs, and needs no more than one pair. All pairs are
   * scored on the same documents: the mean is taken to be no better known than the pairs on average
   * are, which is its error if what a document gives one pair it gives all.
   *
   * @param differences one a pair of runs, with the standard error that sampling documents gives it
   */
  public static Verdict ofTheseRuns(List<Measurement> differences, double confidence) {
    int n = differences.size();
    double mean = differences.stream().mapToDouble(Measurement::value).average().orElse(0);
    double stderr = differences.stream().mapToDouble(Measurement::stderr).average().orElse(0);
    if (n == 0 || Double.isNaN(stderr) || stderr == 0 && mean != 0) {
      return new NotEnoughData(n);
    }
    return stderr == 0
        ? new Tested(new Interval(0, 0, 0), 1)
        : new Tested(Interval.normal(mean, stderr, confidence), Interval.twoSided(mean / stderr));
  }

  /**
   * @param differences one a pair of runs: its value, and the standard error that sampling
   *     documents gives it, which counts only where all pairs agree to the last digit
   */
  public static Verdict of(List<Measurement> differences, double confidence) {
    int n = differences.size();
    if (n < LEAST) {
      return new NotEnoughData(n);
    }
    double mean = differences.stream().mapToDouble(Measurement::value).average().orElseThrow();
    double squares = differences.stream().mapToDouble(it -> Math.pow(it.value() - mean, 2)).sum();
    double stderr = Math.sqrt(squares / (n - 1) / n);
    if (stderr <= 1e-12 * Math.abs(mean) || stderr == 0) {
      stderr =
          differences.stream()
              .mapToDouble(it -> Double.isNaN(it.stderr()) ? 0 : it.stderr())
              .average()
              .orElseThrow();
    }
    if (stderr == 0) {
      return mean == 0 ? new Tested(new Interval(0, 0, 0), 1) : new NotEnoughData(n);
    }
    double t = mean / stderr;
    double pValue = 2 * new TDistribution(n - 1).cumulativeProbability(-Math.abs(t));
    return new Tested(Interval.student(mean, stderr, n - 1, confidence), pValue);
  }
}
