package dev.castalia.topology.findings;

import dev.castalia.topology.state.RunSeries;
import dev.castalia.topology.state.SeriesCheckpoint;
import dev.castalia.topology.state.SeriesMetric;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;

/** Scores of made-up English runs. */
final class MadeUpSeries {

  static final String METRIC = "acc";
  static final double STDERR = 0.008;

  private MadeUpSeries() {}

  /**
   * Accuracies, of which chance is a half, each with a standard error of {@link #STDERR}.
   *
   * @param scores by step, in order; NaN where one is missing
   */
  static RunSeries.Builder of(String model, String task, SequencedMap<Long, Double> scores) {
    return of(
            scores.keySet(),
            new SeriesMetric(
                METRIC,
                "MEAN",
                "HIGHER",
                null,
                0.5,
                List.copyOf(scores.values()),
                Collections.nCopies(scores.size(), STDERR)))
        .setModel(model)
        .setTask(task);
  }

  /** Of the run "a" on the task "sums". */
  static RunSeries.Builder of(Collection<Long> steps, SeriesMetric metric) {
    return RunSeries.newBuilder()
        .setModel("a")
        .setSuite("made-up")
        .setParameters(1000)
        .setVariant("standard")
        .setLanguage("en")
        .setTask("sums")
        .setVersion("v1")
        .setTaskRegisteredAt(0)
        .setTaskLanguage("en")
        .setShots(0)
        .setDtype("float32")
        .setCheckpoints(
            steps.stream()
                .map(step -> new SeriesCheckpoint("step" + step, step, step * 4096, null))
                .toList())
        .setMetrics(List.of(metric));
  }
}
