package dev.castalia.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.Aggregation;
import dev.castalia.events.Direction;
import dev.castalia.events.MetricScore;
import dev.castalia.events.MetricSpec;
import org.junit.jupiter.api.Test;

class MetricScoresTest {

  @Test
  void aScoreThatIsNoNumberIsTheSameAsAnotherSuch() {
    assertThat(MetricScores.areSame(score(Double.NaN, 0.1), score(Double.NaN, 0.1))).isTrue();
    assertThat(MetricScores.areSame(score(Double.NaN, 0.1), score(Double.NaN, null))).isFalse();
    assertThat(MetricScores.areSame(score(Double.NaN, 0.1), score(0.5, 0.1))).isFalse();
  }

  private static MetricScore score(double value, Double stderr) {
    MetricSpec spec = new MetricSpec("acc", Aggregation.MEAN, Direction.HIGHER, null, null);
    return new MetricScore(spec, value, stderr);
  }
}
