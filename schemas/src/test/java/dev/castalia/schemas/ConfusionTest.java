package dev.castalia.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.events.Aggregation;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Expected values are scikit-learn's f1_score and matthews_corrcoef of the same classes. */
class ConfusionTest {

  private static final double[] RIGHT = {0, 1, 1, 0, 1, 1, 0, 1};
  private static final double[] CHOSEN = {0, 1, 0, 1, 1, 0, 0, 1};

  @Test
  void ofTwoClasses() {
    Confusion confusion = Confusion.of(CHOSEN, RIGHT);

    assertThat(confusion.value(Aggregation.F1)).isEqualTo(0.6666666666666666, within(1e-12));
    assertThat(confusion.value(Aggregation.MACRO_F1)).isEqualTo(0.6190476190476191, within(1e-12));
    assertThat(confusion.value(Aggregation.MATTHEWS_CORRELATION))
        .isEqualTo(0.2581988897471611, within(1e-12));
  }

  @Test
  void ofFourClassesOneOfThemNeverChosen() {
    Confusion confusion =
        Confusion.of(new double[] {0, 1, 2, 0, 1, 2, 0}, new double[] {0, 1, 2, 3, 2, 1, 0});

    assertThat(confusion.value(Aggregation.MACRO_F1)).isEqualTo(0.45, within(1e-12));
    assertThat(confusion.value(Aggregation.MATTHEWS_CORRELATION))
        .isEqualTo(0.41247895569215276, within(1e-12));
  }

  @Test
  void twoTablesMergeCellByCell() {
    Confusion whole = new Confusion();
    for (int[] part : new int[][] {{0, 3}, {3, 8}}) {
      Confusion.of(
              Arrays.copyOfRange(CHOSEN, part[0], part[1]),
              Arrays.copyOfRange(RIGHT, part[0], part[1]))
          .counts()
          .forEach(whole::add);
    }

    assertThat(whole.counts()).isEqualTo(Confusion.of(CHOSEN, RIGHT).counts());
  }

  /** scikit-learn's values of 200 documents; errors are numpy's of 200 000 bootstrap resamples. */
  @Test
  void standardErrorsAreNearlyThoseOfABootstrap() {
    long[][] table = {{34, 8, 5, 7}, {7, 30, 7, 12}, {4, 5, 30, 3}, {9, 5, 5, 29}};
    Confusion four = new Confusion();
    for (int chosen = 0; chosen < 4; chosen++) {
      for (int right = 0; right < 4; right++) {
        four.add(new Confusion.Cell(chosen, right), table[chosen][right]);
      }
    }

    assertThat(four.value(Aggregation.MACRO_F1)).isEqualTo(0.6166421489455196, within(1e-12));
    assertThat(four.value(Aggregation.F1)).isEqualTo(0.5769230769230769, within(1e-12));
    assertThat(four.value(Aggregation.MATTHEWS_CORRELATION))
        .isEqualTo(0.4870180945051009, within(1e-12));
    assertThat(four.standardError(Aggregation.MACRO_F1)).isEqualTo(0.0344, within(0.0007));
    assertThat(four.standardError(Aggregation.F1)).isEqualTo(0.0580, within(0.0012));
    assertThat(four.standardError(Aggregation.MATTHEWS_CORRELATION))
        .isEqualTo(0.0459, within(0.0009));
  }

  @Test
  void oneClassAloneHasNoCorrelationAndNoNumbersHaveNoValue() {
    assertThat(
            Confusion.of(new double[] {1, 1}, new double[] {1, 1})
                .value(Aggregation.MATTHEWS_CORRELATION))
        .isZero();
    assertThat(
            Confusion.of(new double[] {Double.NaN, 1}, new double[] {0, 1})
                .value(Aggregation.MACRO_F1))
        .isNaN();
  }

  @Test
  void documentsThatAreAllAlikeLeaveNoError() {
    Confusion alike = Confusion.of(new double[] {1, 1, 1}, new double[] {1, 1, 1});

    assertThat(alike.standardError(Aggregation.F1)).isZero();
    assertThat(alike.standardError(Aggregation.MACRO_F1)).isZero();
    assertThat(alike.standardError(Aggregation.MATTHEWS_CORRELATION)).isZero();
  }

  @Test
  void theErrorOfACorrelationIsUnknownWhereOneClassAloneIsChosenOrRight() {
    for (Confusion confusion :
        List.of(
            Confusion.of(new double[] {1, 1, 1}, new double[] {0, 1, 1}),
            Confusion.of(new double[] {0, 1, 1}, new double[] {1, 1, 1}))) {
      assertThat(confusion.standardError(Aggregation.MATTHEWS_CORRELATION)).isNaN();
      assertThat(confusion.standardError(Aggregation.F1)).isPositive();
    }
  }
}
