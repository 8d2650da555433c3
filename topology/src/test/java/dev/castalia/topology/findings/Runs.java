package dev.castalia.topology.findings;

import dev.castalia.topology.state.RunSeries;
import dev.castalia.topology.state.SeriesCheckpoint;
import dev.castalia.topology.state.SeriesMetric;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Scores of made-up runs, each with a standard error of {@link #STDERR}. */
final class Runs {

  static final double STDERR = 0.01;

  private Runs() {}

  /**
   * @param scores one at step 0, and one after each thousand more
   */
  static Scores accuracies(String model, long parameters, int shots, Double... scores) {
    return scores(
        model,
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
      String model, long parameters, String variant, int shots, SeriesMetric metric) {
    List<SeriesCheckpoint> checkpoints = new ArrayList<>();
    for (int i = 0; i < metric.getValues().size(); i++) {
      long step = 1000L * i;
      checkpoints.add(new SeriesCheckpoint("step" + step, step, 4096 * step, null));
    }
    return Scores.of(
        RunSeries.newBuilder()
            .setModel(model)
            .setSuite("made-up")
            .setParameters(parameters)
            .setVariant(variant)
            .setLanguage("en")
            .setTask("sums")
            .setVersion("v1")
            .setTaskRegisteredAt(0)
            .setTaskLanguage("en")
            .setShots(shots)
            .setDtype("float32")
            .setCheckpoints(checkpoints)
            .setMetrics(List.of(metric))
            .build(),
        metric.getMetric());
  }
}
