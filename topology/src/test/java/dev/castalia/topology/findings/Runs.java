package dev.castalia.topology.findings;

import dev.castalia.topology.state.SeriesMetric;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/** Scores of made-up runs, each with a standard error of {@link #STDERR}. */
final class Runs {

  static final double STDERR = 0.01;

  private Runs() {}

  /**
   * @param scores one at step 0, and one after each thousand more
   */
  static Scores accuracies(String model, long parameters, int shots, Double... scores) {
    return accuracies(model, "en", parameters, shots, scores);
  }

  /** The same of a run on data of a language. */
  static Scores accuracies(
      String model, String language, long parameters, int shots, Double... scores) {
    return scores(
        model,
        language,
        parameters,
        "standard",
        shots,
        new SeriesMetric(
            "acc", "MEAN", "HIGHER", null, null, List.of(scores), stderrs(scores.length)));
  }

  /** The same of a bias that is none at 0.5. */
  static Scores biases(String model, long parameters, String variant, Double... scores) {
    return scores(
        model,
        "en",
        parameters,
        variant,
        0,
        new SeriesMetric(
            "pct_stereotype",
            "MEAN",
            "NEAREST",
            0.5,
            null,
            List.of(scores),
            stderrs(scores.length)));
  }

  private static List<Double> stderrs(int scores) {
    return Collections.nCopies(scores, STDERR);
  }

  private static Scores scores(
      String model,
      String language,
      long parameters,
      String variant,
      int shots,
      SeriesMetric metric) {
    List<Long> steps =
        LongStream.range(0, metric.getValues().size()).mapToObj(i -> 1000 * i).toList();
    return Scores.of(
        MadeUpSeries.of(steps, metric)
            .setModel(model)
            .setLanguage(language)
            .setParameters(parameters)
            .setVariant(variant)
            .setShots(shots)
            .build(),
        metric.getMetric());
  }
}
