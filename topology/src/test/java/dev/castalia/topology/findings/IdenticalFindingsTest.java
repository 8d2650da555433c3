package dev.castalia.topology.findings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.Finding;
import dev.castalia.topology.state.RunDigest;
import dev.castalia.topology.state.RunSeries;
import dev.castalia.topology.state.SeriesMetric;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdenticalFindingsTest {

  private static final double STDERR = 0.01;

  /** One checkpoint's score on one of several tasks. */
  private static RunSeries series(String model, int task, double score, double stderr) {
    SeriesMetric metric =
        new SeriesMetric("acc", "MEAN", "HIGHER", null, null, List.of(score), List.of(stderr));
    return MadeUpSeries.of(List.of(1000L), metric).setModel(model).setTask("task " + task).build();
  }

  private static RunDigest run(String model, double stderr, double... scores) {
    return RunDigests.of(
        IntStream.range(0, scores.length)
            .mapToObj(task -> series(model, task, scores[task], stderr))
            .toList());
  }

  @Test
  void checkpointsWithAsManyEqualScoresAreIdentical() {
    double[] scores = {0.31, 0.32, 0.33, 0.34, 0.35, 0.36, 0.37, 0.38};

    assertThat(IdenticalFindings.of(List.of(run("a", STDERR, scores), run("b", STDERR, scores))))
        .singleElement()
        .satisfies(found -> assertThat(found.getModels()).containsExactly("a", "b"))
        .extracting(Finding::getVerdict)
        .isEqualTo("identical-results");
  }

  @Test
  void thoseThatGetAllWrongOrAllRightAreNot() {
    double[] scores = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0.31};

    assertThat(
            IdenticalFindings.of(
                List.of(run("a", Double.NaN, scores), run("b", Double.NaN, scores))))
        .isEmpty();
  }

  @Test
  void norAreThoseOfWhichAllDocumentsScoreTheSame() {
    double[] scores = {2, 2, 2, 2, 2, 2, 2, 2};

    assertThat(IdenticalFindings.of(List.of(run("a", 0, scores), run("b", 0, scores)))).isEmpty();
  }

  @Test
  void anotherScoreOfZeroTellsThemApart() {
    double[] scores = {0.31, 0.32, 0.33, 0.34, 0.35, 0.36, 0.37, 0.38, 0.01};
    double[] zero = scores.clone();
    zero[8] = 0;

    assertThat(IdenticalFindings.of(List.of(run("a", STDERR, scores), run("b", STDERR, zero))))
        .isEmpty();
  }
}
