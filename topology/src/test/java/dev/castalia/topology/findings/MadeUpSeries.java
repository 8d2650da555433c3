package dev.castalia.topology.findings;

import dev.castalia.topology.state.RunSeries;
import dev.castalia.topology.state.SeriesCheckpoint;
import dev.castalia.topology.state.SeriesMetric;
import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;

/** Accuracies of made-up English runs; chance is a half. */
final class MadeUpSeries {

  static final String METRIC = "acc";
  static final double STDERR = 0.008;

  private MadeUpSeries() {}

  /**
   * @param scores by step, in order; NaN where one is missing
   */
  static RunSeries.Builder of(String model, String task, SequencedMap<Long, Double> scores) {
    return RunSeries.newBuilder()
        .setModel(model)
        .setSuite("made-up")
        .setParameters(1000)
        .setVariant("standard")
        .setLanguage("en")
        .setTask(task)
        .setVersion("v1")
        .setTaskRegisteredAt(0)
        .setTaskLanguage("en")
        .setShots(0)
        .setDtype("float32")
        .setCheckpoints(
            scores.keySet().stream()
                .map(step -> new SeriesCheckpoint("step" + step, step, step * 4096, null))
                .toList())
        .setMetrics(
            List.of(
                new SeriesMetric(
                    METRIC,
                    "MEAN",
                    "HIGHER",
                    null,
                    0.5,
                    List.copyOf(scores.values()),
                    Collections.nCopies(scores.size(), STDERR))));
  }
}
