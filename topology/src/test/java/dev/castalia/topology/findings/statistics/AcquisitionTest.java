package dev.castalia.topology.findings.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.topology.findings.statistics.Acquisition.Acquired;
import dev.castalia.topology.findings.statistics.Acquisition.NotAcquired;
import dev.castalia.topology.findings.statistics.Acquisition.NotEnoughData;
import dev.castalia.topology.findings.statistics.Acquisition.Pace;
import dev.castalia.topology.findings.statistics.Acquisition.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AcquisitionTest {

  private static final Measurement CHANCE = new Measurement(0, 0.25, 0);

  private final RandomGenerator random = Draws.random();

  private Acquired acquired(List<Measurement> scores) {
    Verdict verdict = Acquisition.of(scores, CHANCE, 0.05);
    assertThat(verdict).isInstanceOf(Acquired.class);
    return (Acquired) verdict;
  }

  @Test
  void aSuddenAbilityIsFoundWhereItAppears() {
    Acquired found = acquired(Draws.run(Draws.ramp(512, 1000, 0.25, 0.75), random));

    assertThat(found.at().estimate()).isBetween(Measurement.place(512), Measurement.place(1000));
    assertThat(found.pace()).isEqualTo(Pace.SUDDEN);
    assertThat(found.gain().estimate()).isCloseTo(0.5, within(0.12));
  }

  @Test
  void aGradualAbilityHasItsHalfWayInTheMiddle() {
    Acquired found = acquired(Draws.run(Draws.ramp(1, 143000, 0.25, 0.95), random));

    assertThat(found.at().estimate()).isCloseTo(9, within(1.5));
    assertThat(found.pace()).isEqualTo(Pace.GRADUAL);
    assertThat(found.doublings().low()).isGreaterThan(4);
  }

  /** Of 143,000 steps the first thousand may be those that it takes, or one of them. */
  @Test
  void whatHappensBetweenTwoCheckpointsIsNotKnown() {
    Acquired found =
        acquired(
            List.of(
                new Measurement(Measurement.place(0), 0.25, 0.01),
                new Measurement(Measurement.place(1000), 0.75, 0.01),
                new Measurement(Measurement.place(10_000), 0.76, 0.01),
                new Measurement(Measurement.place(143_000), 0.76, 0.01)));

    assertThat(found.pace()).isEqualTo(Pace.UNDETERMINED);
    assertThat(found.at().contains(Measurement.place(1))).isTrue();
    assertThat(found.at().contains(Measurement.place(800))).isTrue();
  }

  @Test
  void aSingleScoreAboveTheLineIsNoCrossing() {
    List<Measurement> scores =
        new ArrayList<>(Draws.run(Draws.ramp(13000, 43000, 0.25, 0.75), random));
    scores.set(4, new Measurement(scores.get(4).at(), 0.6, 0.03));

    assertThat(acquired(scores).at().estimate()).isGreaterThan(Measurement.place(3000));
  }

  @Test
  void whatTheFirstCheckpointHasWasNotAcquiredInTheRun() {
    assertThat(acquired(Draws.run(at -> 0.6, random)).pace()).isEqualTo(Pace.BEFORE);
  }

  @Test
  void atWhichStepBeforeTheFirstCheckpointIsNotKnown() {
    List<Measurement> scores = Draws.run(at -> 0.6, random);

    Acquired found = acquired(scores.subList(13, scores.size()));

    assertThat(found.pace()).isEqualTo(Pace.BEFORE);
    assertThat(found.at().low()).isEqualTo(Measurement.place(0));
  }

  @Test
  void whatHasBegunBeforeTheFirstCheckpointIsNotSudden() {
    List<Measurement> scores = Draws.exactly(Draws.ramp(3000, 80000, 0.25, 0.6), 0.002);

    Acquired found = acquired(scores.subList(13, scores.size()));

    assertThat(found.pace()).isEqualTo(Pace.UNDETERMINED);
    assertThat(found.doublings().contains(0.6 * Math.log(80000 / 3000.0) / Math.log(2))).isTrue();
  }

  @Test
  void nothingIsAcquiredBeforeAStartThatIsMeasured() {
    List<Measurement> scores =
        Draws.run(Draws.ramp(13000, 80000, 0.25, 0.6), random).subList(13, Draws.steps().size());

    Acquired found = (Acquired) Acquisition.of(scores, scores.getFirst(), 0.05);

    assertThat(found.at().low()).isGreaterThanOrEqualTo(Measurement.place(13000));
    assertThat(found.doublings().high()).isLessThan(4);
  }

  @Test
  void aScoreThatFallsIsNoAbility() {
    assertThat(Acquisition.of(Draws.run(Draws.ramp(64, 1000, 0.25, 0.05), random), CHANCE, 0.05))
        .isInstanceOf(NotAcquired.class);
  }

  @Test
  void threeCheckpointsAreNotEnough() {
    assertThat(Acquisition.of(Draws.run(at -> 0.25, random).subList(0, 3), CHANCE, 0.05))
        .isEqualTo(new NotEnoughData(3));
  }

  @Test
  void guessingIsTakenForAnAbilityAsRarelyAsClaimed() {
    Draws.assertRateAtMost(
        0.05,
        draw -> Acquisition.of(Draws.run(at -> 0.25, draw), CHANCE, 0.05) instanceof Acquired);
  }

  @Test
  @Tag("slow")
  void theIntervalHoldsTheStepAsOftenAsClaimed() {
    double half = (Measurement.place(16) + Measurement.place(13000)) / 2;

    Draws.assertRateBetween(
        0.92,
        1,
        draw ->
            Acquisition.of(Draws.run(Draws.ramp(16, 13000, 0.25, 0.85), draw), CHANCE, 0.05)
                    instanceof Acquired found
                && found.at().contains(half));
  }

  @Test
  @Tag("slow")
  void guessingThatIsRougherThanSamplingIsTakenForAnAbilityAsRarelyAsClaimed() {
    Draws.assertRateAtMost(
        0.05,
        draw ->
            Acquisition.of(Draws.run(Draws.wobbling(at -> 0.25, 3, draw), draw), CHANCE, 0.05)
                instanceof Acquired);
  }

  @Test
  @Tag("slow")
  void theIntervalHoldsTheStepOfARoughRunAsOftenAsClaimed() {
    double half = (Measurement.place(16) + Measurement.place(13000)) / 2;
    DoubleUnaryOperator ramp = Draws.ramp(16, 13000, 0.25, 0.65);

    Draws.assertRateBetween(
        0.92,
        1,
        draw ->
            Acquisition.of(Draws.run(Draws.wobbling(ramp, 3, draw), draw), CHANCE, 0.05)
                    instanceof Acquired found
                && found.at().contains(half));
  }

  /** Barlow et al.: neighbours that fall become their mean. */
  @Test
  void isotonicRegressionPoolsWhatFalls() {
    assertThat(Acquisition.isotonic(new double[] {1, 3, 2, 4}, new double[] {1, 1, 1, 1}))
        .containsExactly(1, 2.5, 2.5, 4);
    assertThat(Acquisition.isotonic(new double[] {3, 2, 1}, new double[] {1, 1, 2}))
        .containsExactly(1.75, 1.75, 1.75);
  }
}
