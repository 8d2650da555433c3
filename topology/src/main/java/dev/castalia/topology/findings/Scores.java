package dev.castalia.topology.findings;

import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Memorization;
import dev.castalia.topology.findings.statistics.Measurement;
import dev.castalia.topology.state.RunSeries;
import dev.castalia.topology.state.SeriesCheckpoint;
import dev.castalia.topology.state.SeriesMetric;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * One metric of one run on one task, for statistics: perplexities by their natural logarithm, in
 * which differences mean the same wherever they are.
 */
record Scores(RunSeries run, SeriesMetric metric) {

  /** What a metric is good for. */
  enum Role {
    ABILITY,
    BIAS,
    MEMORIZATION,
    /**
     * None of these: the size of a bias regardless of its direction, or another metric's double.
     */
    OTHER
  }

  /**
   * What is larger is no score but a slip of whoever reported it, and squares of it, in standard
   * errors no smaller than its inverse, would be infinite.
   */
  private static final double MOST = 1e40;

  private static final Set<String> MAGNITUDES = Set.of("likelihood_diff", "likelihood_difference");
  private static final Set<String> DOUBLES = Set.of("word_perplexity", "byte_perplexity");

  static List<Scores> of(RunSeries run) {
    return run.getMetrics().stream().map(metric -> new Scores(run, metric)).toList();
  }

  /** The run's scores by that metric, or null. */
  static Scores of(RunSeries run, String metric) {
    return of(run).stream()
        .filter(it -> it.metric.getMetric().equals(metric))
        .findFirst()
        .orElse(null);
  }

  String name() {
    return metric.getMetric();
  }

  Role role() {
    if (Memorization.isMeasuredBy(name())) {
      return Role.MEMORIZATION;
    }
    if (metric.getDirection().equals("NEAREST")) {
      return Role.BIAS;
    }
    if (MAGNITUDES.contains(name()) || metric.getDirection().equals("UNKNOWN")) {
      return Role.OTHER;
    }
    boolean isDouble = DOUBLES.contains(name()) && of(run, "bits_per_byte") != null;
    return isDouble ? Role.OTHER : Role.ABILITY;
  }

  /** 1 where more is better, or more memorized; −1 where less is better. */
  int sign() {
    return role() == Role.MEMORIZATION || !metric.getDirection().equals("LOWER") ? 1 : -1;
  }

  int size() {
    return metric.getValues().size();
  }

  SeriesCheckpoint checkpoint(int i) {
    return run.getCheckpoints().get(i);
  }

  String key(int i) {
    return Keys.checkpoint(run.getModel(), checkpoint(i).getRevision());
  }

  long step(int i) {
    return checkpoint(i).getStep();
  }

  boolean has(int i) {
    return !Double.isNaN(value(i));
  }

  private boolean isLogarithmic() {
    return metric.getAggregation().endsWith("PERPLEXITY")
        || name().equals("ppl")
        || name().endsWith("perplexity");
  }

  /** Whether {@link #value} is on the scale on which documents are compared. */
  boolean isOfDocuments() {
    return isLogarithmic() == metric.getAggregation().endsWith("PERPLEXITY");
  }

  /** NaN when missing. */
  double value(int i) {
    double value = metric.getValues().get(i);
    double measured = isLogarithmic() ? Math.log(value) : value;
    return Math.abs(measured) <= MOST ? measured : Double.NaN;
  }

  /** NaN when unknown. */
  double stderr(int i) {
    double stderr = metric.getStderrs().get(i);
    double measured = isLogarithmic() ? stderr / metric.getValues().get(i) : stderr;
    if (measured < 1 / MOST) {
      return 0;
    }
    return measured <= MOST ? measured : Double.NaN;
  }

  Measurement at(int i) {
    return new Measurement(Measurement.place(step(i)), value(i), stderr(i));
  }

  /** The same, higher being better. */
  Measurement ableAt(int i) {
    return new Measurement(Measurement.place(step(i)), sign() * value(i), stderr(i));
  }

  /** Indices of the checkpoints with a finite score. */
  List<Integer> there() {
    List<Integer> there = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      if (has(i)) {
        there.add(i);
      }
    }
    return there;
  }

  /** Steps of the checkpoints with a finite score. */
  TreeSet<Long> steps() {
    TreeSet<Long> steps = new TreeSet<>();
    there().forEach(i -> steps.add(step(i)));
    return steps;
  }

  List<String> keys() {
    return there().stream().map(this::key).toList();
  }

  /** Index of the checkpoint with a finite score at that step; −1 if there is none. */
  int indexOf(long step) {
    return firstThere(i -> step(i) == step);
  }

  int indexOf(String revision) {
    return firstThere(i -> checkpoint(i).getRevision().equals(revision));
  }

  /** Asked for every step of every run: looks at the score last, which may need a logarithm. */
  private int firstThere(IntPredicate wanted) {
    return IntStream.range(0, size()).filter(wanted).filter(this::has).findFirst().orElse(-1);
  }

  /** Score of guessing; NaN where it has none. */
  double chance() {
    return metric.getChance() == null
        ? Double.NaN
        : isLogarithmic() ? Math.log(metric.getChance()) : metric.getChance();
  }

  /** Whether a checkpoint's weights, or all its scores on the task, are those of another's. */
  boolean isIdentical(int i, Scores that, int j) {
    String mine = checkpoint(i).getFingerprint();
    String others = that.checkpoint(j).getFingerprint();
    if (mine != null && others != null) {
      return mine.equals(others);
    }
    // Accuracies of few documents may agree by chance: one metric alone says nothing.
    return run.getMetrics().size() > 1
        && run.getMetrics().size() == that.run.getMetrics().size()
        && run.getMetrics().stream()
            .allMatch(
                it -> {
                  Scores other = of(that.run, it.getMetric());
                  return other != null
                      && Objects.equals(it.getValues().get(i), other.metric.getValues().get(j));
                });
  }
}
