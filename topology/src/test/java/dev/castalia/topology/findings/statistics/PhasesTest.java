package dev.castalia.topology.findings.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.topology.findings.statistics.Phases.Direction;
import dev.castalia.topology.findings.statistics.Phases.Moving;
import dev.castalia.topology.findings.statistics.Phases.NotEnoughData;
import dev.castalia.topology.findings.statistics.Phases.Phase;
import dev.castalia.topology.findings.statistics.Phases.Steady;
import dev.castalia.topology.findings.statistics.Phases.Verdict;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PhasesTest {

  /** Draws of runs that move, whose phases take longer to find than that there is none. */
  private static final int FEW = 150;

  private final RandomGenerator random = Draws.random();

  private Moving moving(DoubleUnaryOperator probability) {
    Verdict verdict = Phases.of(Draws.run(probability, random), 0.5, 0.05);
    assertThat(verdict).isInstanceOf(Moving.class);
    return (Moving) verdict;
  }

  private static List<Direction> directions(Moving moving) {
    return moving.phases().stream().map(Phase::direction).toList();
  }

  @Test
  void aBiasThatRisesAndLevelsOffHasThreePhasesWithOnsetAndPlateau() {
    Moving found = moving(Draws.ramp(64, 3000, 0.5, 0.9));

    assertThat(directions(found))
        .containsExactly(Direction.STEADY, Direction.RISING, Direction.STEADY);
    assertThat(found.onset().estimate()).isCloseTo(Measurement.place(64), within(1.5));
    assertThat(found.plateau().estimate()).isCloseTo(Measurement.place(3000), within(2.5));
    assertThat(found.change().contains(0.4)).isTrue();
    assertThat(found.distance().low()).isPositive();
  }

  @Test
  void aBiasThatFallsTowardsTheTargetMovesNearer() {
    Moving found = moving(Draws.ramp(64, 3000, 0.9, 0.55));

    assertThat(directions(found))
        .containsExactly(Direction.STEADY, Direction.FALLING, Direction.STEADY);
    assertThat(found.distance().high()).isNegative();
  }

  @Test
  void aBiasThatComesAndGoesHasItsPhasesInThatOrder() {
    DoubleUnaryOperator up = Draws.ramp(4, 64, 0.5, 0.95);
    DoubleUnaryOperator down = Draws.ramp(1000, 43000, 0, -0.4);

    Moving found = moving(at -> up.applyAsDouble(at) + down.applyAsDouble(at));

    assertThat(directions(found))
        .containsSubsequence(Direction.RISING, Direction.STEADY, Direction.FALLING);
  }

  @Test
  void aBiasThatMovesFromTheFirstStepToTheLastHasNoPlateau() {
    Moving found = moving(Draws.ramp(0, 143000, 0.3, 0.9));

    assertThat(directions(found)).containsExactly(Direction.RISING);
    assertThat(found.onset().estimate()).isZero();
    assertThat(found.plateau()).isNull();
  }

  @Test
  void aBiasThatAlreadyMovesAtTheFirstCheckpointOfALaterStepBeganNobodyKnowsWhere() {
    List<Measurement> scores =
        Draws.run(Draws.ramp(1000, 143000, 0.3, 0.9), random).stream()
            .filter(it -> it.at() >= Measurement.place(1000))
            .toList();

    Moving found = (Moving) Phases.of(scores, 0.5, 0.05);

    assertThat(directions(found)).containsExactly(Direction.RISING);
    assertThat(found.onset()).isNull();
  }

  @Test
  void aBiasThatMovesButInNoPhaseHasNeitherOnsetNorPlateau() {
    double[] off = {-3.960504, 0.821163, 1.756417, -1.520892, 0.473303, 1.075628};
    List<Measurement> scores =
        IntStream.range(0, off.length)
            .mapToObj(
                i -> new Measurement(Measurement.place((1L << i) - 1), 0.55 + 0.01 * off[i], 0.01))
            .toList();

    Moving found = (Moving) Phases.of(scores, 0.5, 0.05);

    assertThat(directions(found)).containsExactly(Direction.STEADY);
    assertThat(found.onset()).isNull();
    assertThat(found.plateau()).isNull();
  }

  @Test
  void aChangeBetweenTwoCheckpointsIsFoundThere() {
    Moving found = moving(at -> at < Measurement.place(600) ? 0.5 : 0.8);

    assertThat(found.onset().low()).isLessThanOrEqualTo(Measurement.place(512));
    assertThat(found.plateau().high()).isGreaterThanOrEqualTo(Measurement.place(1000));
  }

  @Test
  void wherePhasesMeetIsKnownToTheCheckpointsOnEitherSide() {
    Moving found =
        (Moving) Phases.of(Draws.exactly(Draws.ramp(150, 1700, 0.5, 0.9), 0.001), 0.5, 0.05);

    assertThat(found.onset().contains(Measurement.place(150))).isTrue();
    assertThat(found.plateau().contains(Measurement.place(1700))).isTrue();
  }

  @Test
  void scoresWithoutStandardErrorsAreHeldAgainstTheirScatter() {
    List<Measurement> scores =
        Draws.run(Draws.ramp(64, 3000, 0.5, 0.9), random).stream()
            .map(it -> new Measurement(it.at(), it.value(), Double.NaN))
            .toList();

    assertThat(Phases.of(scores, 0.5, 0.05)).isInstanceOf(Moving.class);
  }

  @Test
  void aDriftThatSamplingDocumentsExplainsIsNone() {
    List<Measurement> drift = Draws.exactly(Draws.ramp(64, 3000, 0.5, 0.52), 0.05);

    assertThat(Phases.of(drift, 0.5, 0.05)).isInstanceOf(Steady.class);
  }

  @Test
  void fiveCheckpointsAreNotEnough() {
    assertThat(Phases.of(Draws.run(at -> 0.5, random).subList(0, 5), 0.5, 0.05))
        .isEqualTo(new NotEnoughData(5));
  }

  @Test
  void theOrderOfMeasurementsDoesNotMatter() {
    List<Measurement> scores = Draws.run(Draws.ramp(64, 3000, 0.5, 0.9), random);

    assertThat(Phases.of(scores.reversed(), 0.5, 0.05)).isEqualTo(Phases.of(scores, 0.5, 0.05));
  }

  @Test
  @Tag("slow")
  void aSteadyBiasIsTakenForAMovingOneAsRarelyAsClaimed() {
    Draws.assertRateAtMost(
        0.05, draw -> Phases.of(Draws.run(at -> 0.6, draw), 0.5, 0.05) instanceof Moving);
  }

  @Test
  @Tag("slow")
  void soIsOneWhoseRunIsRougherThanItsSampling() {
    Draws.assertRateAtMost(
        0.05,
        draw ->
            Phases.of(
                    Draws.steps().stream()
                        .map(
                            step ->
                                new Measurement(
                                    Measurement.place(step),
                                    0.6 + 0.06 * draw.nextGaussian(),
                                    0.02))
                        .toList(),
                    0.5,
                    0.05)
                instanceof Moving);
  }

  @Tag("slow")
  @Test
  void theRangeOfAnOnsetHasTheOnsetAsOftenAsClaimed() {
    double plateau = Measurement.place(43000);
    double share =
        Draws.rate(
            FEW,
            draw -> {
              double onset = draw.nextDouble(Measurement.place(16), Measurement.place(600));
              DoubleUnaryOperator ramp =
                  at -> 0.5 + 0.4 * Math.clamp((at - onset) / (plateau - onset), 0, 1);
              Moving found = (Moving) Phases.of(Draws.run(ramp, draw), 0.5, 0.05);
              return found.onset() != null && found.onset().contains(onset);
            });

    assertThat(share).isGreaterThanOrEqualTo(0.95);
  }

  @Tag("slow")
  @Test
  void theIntervalsOfChangeAndDistanceHaveThemAsOftenAsClaimed() {
    DoubleUnaryOperator across = Draws.ramp(150, 13000, 0.42, 0.58);
    double share =
        Draws.rate(
            FEW,
            draw -> {
              Moving found = (Moving) Phases.of(Draws.run(across, draw), 0.5, 0.05);
              return found.change().contains(0.16) && found.distance().contains(0);
            });

    assertThat(share).isGreaterThanOrEqualTo(0.95);
  }

  @Tag("slow")
  @Test
  void aRampOfFourStandardErrorsIsMostlyFound() {
    double share =
        Draws.rate(
            FEW,
            draw ->
                Phases.of(Draws.run(Draws.ramp(64, 3000, 0.5, 0.64), draw), 0.5, 0.05)
                    instanceof Moving);

    assertThat(share).isGreaterThanOrEqualTo(0.9);
  }
}
