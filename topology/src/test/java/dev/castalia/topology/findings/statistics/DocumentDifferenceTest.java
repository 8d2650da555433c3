package dev.castalia.topology.findings.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.events.Aggregation;
import dev.castalia.schemas.Moments;
import dev.castalia.topology.findings.statistics.PairedDifference.Tested;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class DocumentDifferenceTest {

  private static final double[] NONE = {};
  private static final double[] STANDARD = {1, 1, 1, 0, 0, 0, 1, 0};
  private static final double[] OTHER = {1, 1, 1, 1, 1, 0, 1, 0};

  /** Documents that are easy or hard for both models. */
  private record Drawn(double[] standard, double[] other) {

    static Drawn of(double standardShift, double otherShift, RandomGenerator random) {
      double[] standard = new double[400];
      double[] other = new double[400];
      for (int i = 0; i < standard.length; i++) {
        double easy = 0.1 + 0.7 * (i % 2);
        standard[i] = random.nextDouble() < easy + standardShift ? 1 : 0;
        other[i] = random.nextDouble() < easy + otherShift ? 1 : 0;
      }
      return new Drawn(standard, other);
    }

    boolean differs(double stderr) {
      double difference = Moments.of(other, NONE).meanX() - Moments.of(standard, NONE).meanX();
      return PairedDifference.ofTheseRuns(List.of(new Measurement(0, difference, stderr)), 0.95)
              instanceof Tested tested
          && tested.pValue() <= 0.05;
    }

    boolean differsByDocument() {
      return differs(DocumentDifference.stderr(Aggregation.MEAN, standard, other, NONE));
    }

    boolean differsAsIndependent() {
      return differs(
          Math.hypot(
              Moments.of(standard, NONE).standardError(Aggregation.MEAN),
              Moments.of(other, NONE).standardError(Aggregation.MEAN)));
    }
  }

  /** By hand: 2 and 0 discordant of 8: √((2 − 2²/8) / (8 · 7)) = 0.16366; independent: 0.25. */
  @Test
  void isThatOfTheDiscordantDocuments() {
    assertThat(DocumentDifference.stderr(Aggregation.MEAN, STANDARD, OTHER, NONE))
        .isCloseTo(0.1636634, within(1e-7));
    assertThat(
            Math.hypot(
                Moments.of(STANDARD, NONE).standardError(Aggregation.MEAN),
                Moments.of(OTHER, NONE).standardError(Aggregation.MEAN)))
        .isCloseTo(0.25, within(1e-12));
  }

  @Test
  void theOppositeDifferenceIsKnownAsWell() {
    assertThat(DocumentDifference.stderr(Aggregation.MEAN, OTHER, STANDARD, NONE))
        .isCloseTo(0.1636634, within(1e-7));
  }

  @Test
  void modelsThatAreWrongOnTheSameDocumentsDoNotDiffer() {
    assertThat(DocumentDifference.stderr(Aggregation.MEAN, STANDARD, STANDARD, NONE)).isZero();
  }

  @Test
  void modelsThatAreWrongOnOppositeDocumentsAreKnownLessThanIndependentOnes() {
    double[] opposite = {0, 0, 0, 1, 1, 1, 0, 1};

    assertThat(DocumentDifference.stderr(Aggregation.MEAN, STANDARD, opposite, NONE))
        .isGreaterThan(Math.sqrt(2 * 0.25 / 7));
  }

  /** By hand: differences −1, 0, 1: s = 1, s/√3. */
  @Test
  void ofAPerplexityIsThatOfItsLogarithm() {
    assertThat(
            DocumentDifference.stderr(
                Aggregation.PERPLEXITY, new double[] {-2, -3, -4}, new double[] {-3, -3, -3}, NONE))
        .isCloseTo(1 / Math.sqrt(3), within(1e-12));
  }

  /** By hand: differences 1, 1, 4 over 1, 2, 3: ratio 1, residuals 0, −1, 1, √(2/2/3)/2. */
  @Test
  void ofARatioIsThatOfTheRatioOfDifferences() {
    double[] standard = {-5, -6, -9};
    double[] other = {-4, -5, -5};
    double[] weights = {1, 2, 3};
    double expected = Math.sqrt(1.0 / 3) / 2;

    assertThat(DocumentDifference.stderr(Aggregation.WEIGHTED_PERPLEXITY, standard, other, weights))
        .isCloseTo(expected, within(1e-12));
    assertThat(DocumentDifference.stderr(Aggregation.BITS_PER_BYTE, standard, other, weights))
        .isCloseTo(expected / Math.log(2), within(1e-12));
  }

  @Test
  void ofClassesIsNotKnown() {
    assertThat(DocumentDifference.stderr(Aggregation.F1, STANDARD, OTHER, STANDARD)).isNaN();
  }

  @Test
  void noDifferenceIsTakenForOneAsOftenAsClaimed() {
    Draws.assertRateBetween(0.03, 0.05, draw -> Drawn.of(0, 0, draw).differsByDocument());
  }

  @Test
  void aDifferenceIsSeenThatIndependentErrorsHide() {
    Draws.assertRateBetween(0.6, 0.9, draw -> Drawn.of(0, 0.07, draw).differsByDocument());
    Draws.assertRateAtMost(0.45, draw -> Drawn.of(0, 0.07, draw).differsAsIndependent());
  }
}
