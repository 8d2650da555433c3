package dev.castalia.topology.findings.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.topology.findings.statistics.ScalingShape.Flat;
import dev.castalia.topology.findings.statistics.ScalingShape.NotEnoughData;
import dev.castalia.topology.findings.statistics.ScalingShape.Scaling;
import dev.castalia.topology.findings.statistics.ScalingShape.Shape;
import dev.castalia.topology.findings.statistics.ScalingShape.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ScalingShapeTest {

  /** The sizes of Pythia whose results are published. */
  private static final double[] SIZES = {70e6, 160e6, 410e6, 1e9, 1.4e9, 2.8e9, 6.9e9, 12e9};

  private final RandomGenerator random = Draws.random();

  private static Verdict verdict(DoubleUnaryOperator score, RandomGenerator random) {
    return verdict(SIZES, score, random);
  }

  private static Verdict verdict(
      double[] parameters, DoubleUnaryOperator score, RandomGenerator random) {
    List<Measurement> sizes =
        Arrays.stream(parameters)
            .map(Math::log10)
            .mapToObj(at -> Draws.normal(at, score.applyAsDouble(at), 0.015, random))
            .toList();
    return ScalingShape.of(sizes, 0.25, 0.05);
  }

  private static double line(double at) {
    return 0.3 + 0.15 * (at - Math.log10(70e6));
  }

  private static double step(double at) {
    return at < 9.3 ? 0.25 : 0.5;
  }

  private static double ramp(double at) {
    return 0.25 + 0.25 * Math.max(0, at - 9);
  }

  @Test
  void aLineInTheLogarithmOfTheSizeIsLogLinear() {
    Scaling found = (Scaling) verdict(ScalingShapeTest::line, random);

    assertThat(found.shape()).isEqualTo(Shape.LOG_LINEAR);
    assertThat(found.models().getFirst().slope()).isCloseTo(0.15, within(0.04));
  }

  @Test
  void aStepIsSuddenBetweenTheTwoSizes() {
    Scaling found = (Scaling) verdict(ScalingShapeTest::step, random);

    assertThat(found.shape()).isEqualTo(Shape.SUDDEN);
    assertThat(found.models().getFirst().from()).isCloseTo(Math.log10(1.4e9), within(1e-9));
    assertThat(found.models().getFirst().to()).isCloseTo(Math.log10(2.8e9), within(1e-9));
  }

  @Test
  void whatStaysAtChanceUpToASizeIsLogLinearAboveIt() {
    Scaling found = (Scaling) verdict(ScalingShapeTest::ramp, random);

    assertThat(found.shape()).isEqualTo(Shape.LOG_LINEAR_ABOVE);
    assertThat(found.models().getFirst().from()).isCloseTo(9, within(0.2));
  }

  @Test
  void whatGetsWorseWithSizeFalls() {
    Scaling found = (Scaling) verdict(at -> 0.8 - line(at), random);

    assertThat(found.change().high()).isNegative();
  }

  @Test
  void fourSizesAreNotEnough() {
    List<Measurement> four =
        List.of(
            new Measurement(7, 0.2, 0.01),
            new Measurement(8, 0.4, 0.01),
            new Measurement(9, 0.6, 0.01),
            new Measurement(10, 0.8, 0.01));

    assertThat(ScalingShape.of(four, 0.25, 0.05)).isEqualTo(new NotEnoughData(4));
  }

  @Test
  void sizesOfWhichOneScoresBeyondAllBoundsAreNotEnough() {
    assertThat(verdict(at -> at < 10 ? 0.25 : Double.MAX_VALUE, random))
        .isEqualTo(new NotEnoughData(SIZES.length));
  }

  private static Shape shape(double chance, double... scores) {
    List<Measurement> sizes = new ArrayList<>();
    for (double score : scores) {
      sizes.add(new Measurement(Math.log10(SIZES[sizes.size()]), score, 0.01));
    }
    return ((Scaling) ScalingShape.of(sizes, chance, 0.05)).shape();
  }

  @Test
  void aStepOfFiveOrSixSizesIsNoLine() {
    assertThat(shape(Double.NaN, 3, 3, 3, 1, 1)).isEqualTo(Shape.UNDETERMINED);
    assertThat(shape(Double.NaN, 0.25, 0.25, 0.25, 0.45, 0.45, 0.45)).isEqualTo(Shape.UNDETERMINED);
  }

  @Test
  void aLineOfFiveSizesIsOneWhereEveryStepFitsWorse() {
    assertThat(shape(Double.NaN, 0.30, 0.36, 0.42, 0.47, 0.49)).isEqualTo(Shape.LOG_LINEAR);
    assertThat(shape(Double.NaN, 0.30, 0.29, 0.33, 0.31, 0.34)).isEqualTo(Shape.UNDETERMINED);
  }

  @Test
  void whatASmoothCurveFitsBetterIsOfNoShape() {
    assertThat(shape(Double.NaN, 0.35, 0.46, 0.55, 0.59, 0.62, 0.66, 0.68, 0.7))
        .isEqualTo(Shape.UNDETERMINED);
    assertThat(shape(0.25, 0.25, 0.25, 0.26, 0.33, 0.39, 0.47, 0.5, 0.5))
        .isEqualTo(Shape.UNDETERMINED);
  }

  @Test
  void flatScoresAreTakenForOthersAsRarelyAsClaimed() {
    Draws.assertRateAtMost(0.05, draw -> !(verdict(at -> 0.25, draw) instanceof Flat));
  }

  @Test
  void soAreThoseWhoseRunsDifferByMoreThanSampling() {
    Draws.assertRateAtMost(
        0.05, draw -> !(verdict(at -> 0.25 + 0.025 * draw.nextGaussian(), draw) instanceof Flat));
  }

  @Test
  void norDoSevenSizesScatterIntoAShape() {
    double[] seven = Arrays.copyOf(SIZES, 7);

    Draws.assertRateAtMost(
        0.05,
        draw -> !(verdict(seven, at -> 0.25 + 0.025 * draw.nextGaussian(), draw) instanceof Flat));
  }

  @Test
  @Tag("slow")
  void aLineIsRarelyTakenForAStep() {
    Draws.assertRateAtMost(0.05, draw -> isOf(Shape.SUDDEN, ScalingShapeTest::line, draw));
  }

  @Test
  @Tag("slow")
  void aStepIsRarelyTakenForALine() {
    Draws.assertRateAtMost(0.05, draw -> isOf(Shape.LOG_LINEAR, ScalingShapeTest::step, draw));
  }

  private static boolean isOf(Shape shape, DoubleUnaryOperator score, RandomGenerator random) {
    return verdict(score, random) instanceof Scaling found && found.shape() == shape;
  }

  private static boolean isOfAShape(DoubleUnaryOperator score, RandomGenerator random) {
    return verdict(score, random) instanceof Scaling found && found.shape() != Shape.UNDETERMINED;
  }

  @Test
  @Tag("slow")
  void aParabolaIsRarelyTakenForAShape() {
    Draws.assertRateAtMost(
        0.05, draw -> isOfAShape(at -> 0.25 + 0.5 * Math.pow((at - 7) / 3, 2), draw));
  }

  @Test
  @Tag("slow")
  void aLogisticCurveIsRarelyTakenForAShape() {
    Draws.assertRateAtMost(
        0.05, draw -> isOfAShape(at -> 0.25 + 0.5 / (1 + Math.exp((9 - at) / 0.3)), draw));
  }

  @Test
  @Tag("slow")
  void whatStaysAtChanceUpToASizeIsMostlyFound() {
    Draws.assertRateBetween(
        0.7, 1, draw -> isOf(Shape.LOG_LINEAR_ABOVE, ScalingShapeTest::ramp, draw));
  }

  @Test
  @Tag("slow")
  void bothAreMostlyFound() {
    Draws.assertRateBetween(
        0.8,
        1,
        draw ->
            isOf(Shape.SUDDEN, ScalingShapeTest::step, draw)
                && isOf(Shape.LOG_LINEAR, ScalingShapeTest::line, draw));
  }
}
