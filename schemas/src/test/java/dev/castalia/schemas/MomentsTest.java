package dev.castalia.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.events.Aggregation;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MomentsTest {

  private static final double[] NONE = {};

  @Test
  void momentsAreThoseByHand() {
    // x = 1, 2, 6: mean 3, deviations −2, −1, 3. w = 2, 4, 3: mean 3, deviations −1, 1, 0.
    Moments moments = Moments.of(new double[] {1, 2, 6}, new double[] {2, 4, 3});

    assertThat(moments.count()).isEqualTo(3);
    assertThat(moments.meanX()).isCloseTo(3, within(1e-15));
    assertThat(moments.m2X()).isCloseTo(14, within(1e-14));
    assertThat(moments.meanW()).isCloseTo(3, within(1e-15));
    assertThat(moments.m2W()).isCloseTo(2, within(1e-14));
    assertThat(moments.cXW()).isCloseTo(2 - 1, within(1e-14));
  }

  @Test
  void aMeanHasTheUsualStandardError() {
    Moments moments = Moments.of(new double[] {1, 0, 0, 1}, NONE);

    assertThat(moments.value(Aggregation.MEAN)).isEqualTo(0.5);
    // s² = 4 × 0.25 / 3, over n = 4.
    assertThat(moments.standardError(Aggregation.MEAN))
        .isCloseTo(Math.sqrt(1.0 / 12), within(1e-15));
  }

  @Test
  void aPerplexityIsTheExponentialOfTheMean() {
    Moments moments = Moments.of(new double[] {-1, -3}, NONE);

    assertThat(moments.value(Aggregation.PERPLEXITY)).isCloseTo(Math.exp(2), within(1e-12));
    // s = √2, over √2 documents: 1; times the derivative, e².
    assertThat(moments.standardError(Aggregation.PERPLEXITY)).isCloseTo(Math.exp(2), within(1e-12));
  }

  @Test
  void weightedAggregatesAreRatiosOfSums() {
    Moments moments = Moments.of(new double[] {-12, -3}, new double[] {20, 10});

    assertThat(moments.value(Aggregation.WEIGHTED_PERPLEXITY))
        .isCloseTo(Math.exp(0.5), within(1e-12));
    assertThat(moments.value(Aggregation.BITS_PER_BYTE))
        .isCloseTo(0.5 / Math.log(2), within(1e-12));
    // Residuals x − r w with r = −0.5: −2 and 2; √(8 / 1 / 2) / 15 = 2/15.
    assertThat(moments.standardError(Aggregation.BITS_PER_BYTE))
        .isCloseTo(2.0 / 15 / Math.log(2), within(1e-12));
    assertThat(moments.standardError(Aggregation.WEIGHTED_PERPLEXITY))
        .isCloseTo(Math.exp(0.5) * 2 / 15, within(1e-12));
  }

  @Test
  void aRatioThatIsTheSameInEveryDocumentHasNoError() {
    Moments moments = Moments.of(new double[] {-1, -2, -3}, new double[] {2, 4, 6});

    assertThat(moments.standardError(Aggregation.BITS_PER_BYTE)).isCloseTo(0, within(1e-8));
  }

  @Test
  void noDocumentsHaveNoValueAndOneHasNoError() {
    assertThat(Moments.EMPTY.value(Aggregation.MEAN)).isNaN();
    assertThat(Moments.EMPTY.standardError(Aggregation.MEAN)).isNaN();
    assertThat(Moments.of(new double[] {1}, NONE).standardError(Aggregation.MEAN)).isNaN();
  }

  @Test
  void aValueThatIsNotFiniteIsNotDropped() {
    for (double odd : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      Moments moments = Moments.of(new double[] {1, odd, 2}, new double[] {1, 1, 1});
      for (Aggregation aggregation :
          new Aggregation[] {
            Aggregation.MEAN,
            Aggregation.PERPLEXITY,
            Aggregation.WEIGHTED_PERPLEXITY,
            Aggregation.BITS_PER_BYTE
          }) {
        assertThat(Double.isFinite(moments.value(aggregation)))
            .as("%s of %s", aggregation, odd)
            .isFalse();
        assertThat(Double.isFinite(moments.standardError(aggregation)))
            .as("error of %s of %s", aggregation, odd)
            .isFalse();
      }
    }
  }

  @Test
  void anAggregationOfANewerCastaliaIsRefused() {
    Moments moments = Moments.of(new double[] {1, 2}, NONE);

    assertThatThrownBy(() -> moments.value(Aggregation.UNKNOWN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("upgrade");
  }

  @Test
  void weightsMustBeAsManyAsValues() {
    assertThatThrownBy(() -> Moments.of(new double[2], new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 values but 3 weights");
  }

  @Test
  void howeverDocumentsAreCutMergingGivesTheMomentsOfAll() {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      int count = 2 + random.nextInt(300);
      double[] x = random.doubles(count, -50, 0).map(value -> value + 1e6).toArray();
      double[] w = random.doubles(count, 1, 400).toArray();
      Moments merged = Moments.EMPTY;
      for (int from = 0; from < count; ) {
        int to = Math.min(count, from + 1 + random.nextInt(60));
        merged =
            merged.plus(
                Moments.of(Arrays.copyOfRange(x, from, to), Arrays.copyOfRange(w, from, to)));
        from = to;
      }

      assertThat(merged.count()).isEqualTo(count);
      assertThat(merged.meanX()).isCloseTo(exactMean(x).doubleValue(), within(1e-8));
      assertThat(merged.meanW()).isCloseTo(exactMean(w).doubleValue(), within(1e-9));
      assertRelative(merged.m2X(), deviations(x, x));
      assertRelative(merged.m2W(), deviations(w, w));
      assertThat(merged.cXW())
          .isCloseTo(deviations(x, w), within(1e-7 * Math.sqrt(merged.m2X() * merged.m2W())));
    }
  }

  @Test
  void theEmptySetChangesNothing() {
    Moments some = Moments.of(new double[] {1, 2}, new double[] {3, 4});

    assertThat(some.plus(Moments.EMPTY)).isEqualTo(some);
    assertThat(Moments.EMPTY.plus(some)).isEqualTo(some);
  }

  private static void assertRelative(double actual, double expected) {
    assertThat(actual).isCloseTo(expected, within(1e-7 * Math.abs(expected)));
  }

  /** Σ (a − mean a)(b − mean b), in decimal arithmetic. */
  private static double deviations(double[] a, double[] b) {
    BigDecimal meanA = exactMean(a);
    BigDecimal meanB = exactMean(b);
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < a.length; i++) {
      sum =
          sum.add(
              new BigDecimal(a[i])
                  .subtract(meanA)
                  .multiply(new BigDecimal(b[i]).subtract(meanB), MathContext.DECIMAL128));
    }
    return sum.doubleValue();
  }

  private static BigDecimal exactMean(double[] values) {
    BigDecimal sum =
        Arrays.stream(values).mapToObj(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
    return sum.divide(BigDecimal.valueOf(values.length), MathContext.DECIMAL128);
  }
}
