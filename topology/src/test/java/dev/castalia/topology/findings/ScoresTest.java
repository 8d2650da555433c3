package dev.castalia.topology.findings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.topology.state.SeriesMetric;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScoresTest {

  @Test
  void aScoreBeyondAllBoundsIsMissing() {
    Scores scores = scores("acc", List.of(0.3, 1e300, -1e300), List.of(0.1, 0.1, 0.1));

    assertThat(scores.there()).containsExactly(0);
    assertThat(scores.value(1)).isNaN();
  }

  @Test
  void aPerplexityIsBoundedByItsLogarithm() {
    Scores scores = scores("ppl", List.of(1e300, Double.POSITIVE_INFINITY), List.of(1.0, 1.0));

    assertThat(scores.there()).containsExactly(0);
  }

  @Test
  void aStandardErrorThatIsNextToNothingIsNothingAndOneBeyondAllBoundsIsUnknown() {
    Scores scores = scores("acc", List.of(0.3, 0.3, 0.3), List.of(1e-300, 1e300, 0.1));

    assertThat(List.of(scores.stderr(0), scores.stderr(1), scores.stderr(2)))
        .containsExactly(0.0, Double.NaN, 0.1);
  }

  private static Scores scores(String metric, List<Double> values, List<Double> stderrs) {
    return Scores.of(
        MadeUpSeries.of(
                List.of(0L, 1L, 2L),
                new SeriesMetric(metric, "MEAN", "HIGHER", null, null, values, stderrs))
            .build(),
        metric);
  }
}
