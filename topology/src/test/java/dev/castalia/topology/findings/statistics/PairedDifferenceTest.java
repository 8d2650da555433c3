package dev.castalia.topology.findings.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.topology.findings.statistics.PairedDifference.NotEnoughData;
import dev.castalia.topology.findings.statistics.PairedDifference.Tested;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PairedDifferenceTest {

  private static List<Measurement> pairs(double... differences) {
    List<Measurement> pairs = new ArrayList<>();
    for (double difference : differences) {
      pairs.add(new Measurement(pairs.size(), difference, 0.01));
    }
    return pairs;
  }

  private static Tested drawn(double effect, RandomGenerator random) {
    double[] differences = new double[8];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = effect + 0.01 * random.nextGaussian();
    }
    return (Tested) PairedDifference.of(pairs(differences), 0.95);
  }

  /** By hand: mean 3, s = √2.5, t = 3/√(2.5/5) = 4.2426, p of 4 degrees 0.01324. */
  @Test
  void isStudentsPairedTest() {
    Tested tested = (Tested) PairedDifference.of(pairs(1, 2, 3, 4, 5), 0.95);

    assertThat(tested.effect().estimate()).isEqualTo(3);
    assertThat(tested.effect().low()).isCloseTo(3 - 2.776445 * 0.7071068, within(1e-5));
    assertThat(tested.pValue()).isCloseTo(0.013236, within(1e-5));
  }

  @Test
  void theOppositeDataHaveTheOppositeEffect() {
    Tested tested = (Tested) PairedDifference.of(pairs(-1, -2, -3, -4, -5), 0.95);

    assertThat(tested.effect().estimate()).isEqualTo(-3);
    assertThat(tested.effect().high()).isNegative();
  }

  @Test
  void twoPairsOfRunsAreNotEnough() {
    assertThat(PairedDifference.of(pairs(0.1, 0.1), 0.95)).isEqualTo(new NotEnoughData(2));
  }

  @Test
  void scoresThatAreAllEqualShowNoDifference() {
    assertThat(PairedDifference.of(pairs(0, 0, 0), 0.95))
        .isInstanceOfSatisfying(Tested.class, it -> assertThat(it.pValue()).isEqualTo(1));
  }

  @Test
  void ofTheseRunsAloneTheDocumentsAreTheSample() {
    List<Measurement> memorized =
        List.of(
            new Measurement(1, 0, 0.02),
            new Measurement(2, -0.04, 0.02),
            new Measurement(3, -0.19, 0.02));

    assertThat(PairedDifference.of(memorized, 0.95))
        .isInstanceOfSatisfying(Tested.class, it -> assertThat(it.pValue()).isGreaterThan(0.05));
    assertThat(PairedDifference.ofTheseRuns(memorized, 0.95))
        .isInstanceOfSatisfying(Tested.class, it -> assertThat(it.pValue()).isLessThan(1e-3));
    Draws.assertRateAtMost(
        0.05,
        draw ->
            PairedDifference.ofTheseRuns(List.of(Draws.normal(0, 0, 0.02, draw)), 0.95)
                    instanceof Tested tested
                && tested.pValue() <= 0.05);
  }

  @Test
  void fourPairsOnTheSameDocumentsAreNoBetterKnownThanOne() {
    Measurement one = new Measurement(1, -0.01, 0.008);

    assertThat(PairedDifference.ofTheseRuns(Collections.nCopies(4, one), 0.95))
        .isEqualTo(PairedDifference.ofTheseRuns(List.of(one), 0.95))
        .isInstanceOfSatisfying(
            Tested.class, it -> assertThat(it.pValue()).isCloseTo(0.2113, within(1e-4)));
  }

  @Test
  void soAreThoseWhoseRunsAllDifferAlike() {
    assertThat(PairedDifference.of(pairs(0.02, 0.02, 0.02, 0.02), 0.95))
        .isInstanceOfSatisfying(
            Tested.class,
            it -> assertThat(it.effect().low()).isCloseTo(0.02 - 3.182446 * 0.01, within(1e-6)));
  }

  @Test
  void nothingIsTakenForSomethingAsOftenAsClaimed() {
    Draws.assertRateBetween(0.03, 0.05, draw -> drawn(0, draw).pValue() <= 0.05);
  }

  @Test
  void theIntervalHoldsTheEffectAsOftenAsClaimed() {
    Draws.assertRateBetween(0.93, 0.97, draw -> drawn(0.02, draw).effect().contains(0.02));
  }
}
