package dev.castalia.topology.findings.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SeriesTest {

  private final RandomGenerator random = Draws.random();

  /** Of scores that are off by so many times their standard errors. */
  private List<Measurement> scores(int count, double roughness) {
    List<Measurement> scores = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double stderr = 0.01 * (1 + i % 3);
      scores.add(new Measurement(i, 0.02 * i + roughness * stderr * random.nextGaussian(), stderr));
    }
    return scores;
  }

  @Test
  void roughnessIsHowManyStandardErrorsScoresAreOff() {
    List<Series> runs = List.of(new Series(scores(500, 3)), new Series(scores(500, 3)));

    assertThat(Series.roughness(runs)).isCloseTo(3, within(0.3));
  }

  @Test
  void aFewJumpsAreNoRoughness() {
    List<Measurement> scores = new ArrayList<>(scores(27, 0));
    scores.set(9, new Measurement(9, 100, 0.01));

    assertThat(Series.roughness(List.of(new Series(scores)))).isEqualTo(1);
  }

  @Test
  void standardErrorsThatAreTheScatterItselfHoldTheRoughness() {
    List<Measurement> unknown =
        scores(27, 3).stream().map(it -> new Measurement(it.at(), it.value(), Double.NaN)).toList();

    assertThat(Series.roughness(List.of(new Series(unknown)))).isEqualTo(1);
  }

  @Test
  void ofTwoMeasurementsNoRoughnessIsKnown() {
    assertThat(Series.roughness(List.of(new Series(scores(2, 100))))).isEqualTo(1);
  }
}
