package dev.castalia.scoring.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.events.Aggregation;
import dev.castalia.schemas.Moments;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricTest {

  @Test
  void accIsWhetherTheLikeliestChoiceIsRight() {
    assertThat(Metric.ACC.value(choice(1, -3, -2, -5))).isEqualTo(1);
    assertThat(Metric.ACC.value(choice(0, -3, -2, -5))).isZero();
  }

  @Test
  void tiesGoToTheFirst() {
    assertThat(Metric.ACC.value(choice(0, -2, -2))).isEqualTo(1);
    assertThat(Metric.ACC.value(choice(1, -2, -2))).isZero();
  }

  @Test
  void accNormDividesByCodePointsAndAccBytesByUtf8() {
    // −6 over 6 code points and 18 bytes against −4 over 5 and 5; −1 > −0.8, −1/3 > −0.8.
    Outcome.Choice korean =
        new Outcome.Choice(
            new double[] {-6, -4},
            new double[0],
            new boolean[2],
            new int[] {6, 5},
            new int[] {18, 5},
            new int[] {0});

    assertThat(Metric.ACC.value(korean)).isZero();
    assertThat(Metric.ACC_NORM.value(korean)).isZero();
    assertThat(Metric.ACC_BYTES.value(korean)).isEqualTo(1);
  }

  @Test
  void oneOfSeveralRightChoicesSufficesAndNoneIsNeverRight() {
    Outcome.Choice two =
        new Outcome.Choice(
            new double[] {-3, -2, -5},
            new double[0],
            new boolean[3],
            new int[] {1, 1, 1},
            new int[] {1, 1, 1},
            new int[] {1, 2});
    Outcome.Choice none =
        new Outcome.Choice(
            new double[] {-3, -2},
            new double[0],
            new boolean[2],
            new int[] {1, 1},
            new int[] {1, 1},
            new int[0]);

    assertThat(Metric.ACC.value(two)).isEqualTo(1);
    assertThat(Metric.ACC.value(none)).isZero();
  }

  /**
   * What process_results of lm_eval 0.4.13 gives for four choices, of which the second is
   * likeliest.
   */
  @ParameterizedTest
  @CsvSource({
    "'0,-100', 0, 0",
    "-100, 0, 0",
    "-1, 0, 1",
    "'1,-1', 1, 1",
    "'1,-100', 1, 0",
    "-4, 0, 0",
  })
  void anIndexFromTheEndIsRightForExactMatchAlone(String gold, int acc, int exactMatch) {
    Outcome.Choice lastIsGreedy =
        new Outcome.Choice(
            new double[] {-4, -1, -3, -2},
            new double[0],
            new boolean[] {false, false, false, true},
            new int[] {1, 1, 1, 1},
            new int[] {1, 1, 1, 1},
            Arrays.stream(gold.split(",")).mapToInt(Integer::parseInt).toArray());

    assertThat(Metric.ACC.value(lastIsGreedy)).isEqualTo(acc);
    assertThat(Metric.EXACT_MATCH.value(lastIsGreedy)).isEqualTo(exactMatch);
  }

  @Test
  void biasComparesTheTwoSentences() {
    assertThat(Metric.LIKELIHOOD_DIFF.value(choice(0, -3.5, -2))).isEqualTo(1.5);
    assertThat(Metric.PCT_STEREOTYPE.value(choice(0, -3.5, -2))).isZero();
    assertThat(Metric.PCT_STEREOTYPE.value(choice(0, -1.5, -2))).isEqualTo(1);
    assertThat(Metric.PCT_STEREOTYPE.value(choice(0, -2, -2))).isZero();
  }

  @Test
  void aContinuationHasItsLikelihoodAndWhetherItIsGreedy() {
    Outcome greedy = new Outcome.Continuation(-0.5, true);

    assertThat(Metric.ACC.value(greedy)).isEqualTo(1);
    assertThat(Metric.ACC.value(new Outcome.Continuation(-0.5, false))).isZero();
    assertThat(Metric.PERPLEXITY.value(greedy)).isEqualTo(-0.5);
  }

  @Test
  void aTextIsWeightedByWordsOrBytes() {
    Outcome text = new Outcome.Text(-12, 3, 20);

    assertThat(Metric.WORD_PERPLEXITY.value(text)).isEqualTo(-12);
    assertThat(Metric.WORD_PERPLEXITY.weight(text)).isEqualTo(3);
    assertThat(Metric.BYTE_PERPLEXITY.weight(text)).isEqualTo(20);
    assertThat(Metric.BITS_PER_BYTE.weight(text)).isEqualTo(20);
  }

  @Test
  void memoryIsAllOrAShare() {
    assertThat(Metric.EXTRACTABLE.value(new Outcome.Recall(16, 16))).isEqualTo(1);
    assertThat(Metric.EXTRACTABLE.value(new Outcome.Recall(15, 16))).isZero();
    assertThat(Metric.MEMORIZATION_SCORE.value(new Outcome.Recall(12, 16))).isEqualTo(0.75);
  }

  @Test
  void whatIsNoNumberHasNoValueInAnyMetric() {
    Outcome choice =
        new Outcome.Choice(
            new double[] {Double.NaN, -1},
            new double[0],
            new boolean[2],
            new int[] {1, 1},
            new int[] {1, 1},
            new int[] {0});
    for (Metric metric :
        List.of(Metric.ACC, Metric.ACC_NORM, Metric.LIKELIHOOD_DIFF, Metric.PCT_STEREOTYPE)) {
      assertThat(metric.value(choice)).as(metric.label()).isNaN();
    }
    assertThat(Metric.ACC.value(new Outcome.Continuation(Double.NaN, true))).isNaN();
    assertThat(Metric.EXTRACTABLE.value(new Outcome.Recall(Double.NaN, 16))).isNaN();
    assertThat(Metric.BITS_PER_BYTE.value(new Outcome.Text(Double.NaN, 3, 20))).isNaN();
  }

  @Test
  void weightedMetricsAreRatiosOfSumsOverTheCorpus() {
    Moments moments = Moments.of(new double[] {-12, -3}, new double[] {20, 10});

    assertThat(moments.value(Aggregation.WEIGHTED_PERPLEXITY))
        .isCloseTo(Math.exp(0.5), within(1e-12));
    assertThat(moments.value(Aggregation.BITS_PER_BYTE))
        .isCloseTo(0.5 / Math.log(2), within(1e-12));
  }

  @Test
  void aMeansStandardErrorIsItsClosedForm() {
    // Deviations ±0.5: s² = 4 × 0.25 / 3.
    assertThat(
            StandardError.of(Aggregation.MEAN, new double[] {0, 1, 1, 0}, new double[0])
                .getAsDouble())
        .isCloseTo(Math.sqrt(1.0 / 3 / 4), within(1e-15));
  }

  @Test
  void aPerplexitysStandardErrorIsTheHarnesssBootstrap() {
    // bootstrap_stderr of lm-evaluation-harness with 100 000 iterations, Python 3.11.
    assertThat(
            StandardError.of(
                    Aggregation.PERPLEXITY,
                    new double[] {-1.5, -0.25, -3.0, -2.125, -0.5},
                    new double[0])
                .getAsDouble())
        .isCloseTo(2.353204898464869, within(1e-10));
  }

  @Test
  void otherStandardErrorsAreNotAvailable() {
    assertThat(StandardError.of(Aggregation.BITS_PER_BYTE, new double[] {1, 2}, new double[0]))
        .isEqualTo(OptionalDouble.empty());
    assertThat(StandardError.of(Aggregation.MEAN, new double[] {1}, new double[0])).isEmpty();
  }

  private static Outcome.Choice choice(int gold, double... likelihoods) {
    int[] ones = new int[likelihoods.length];
    Arrays.fill(ones, 1);
    return new Outcome.Choice(
        likelihoods, new double[0], new boolean[likelihoods.length], ones, ones, new int[] {gold});
  }
}
