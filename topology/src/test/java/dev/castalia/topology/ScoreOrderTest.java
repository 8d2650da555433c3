package dev.castalia.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.castalia.events.Aggregation;
import dev.castalia.events.Direction;
import dev.castalia.events.MetricSpec;
import org.junit.jupiter.api.Test;

class ScoreOrderTest {

  @Test
  void theHigherAccuracyIsTheBetter() {
    ScoreOrder order = order(Direction.HIGHER, null);
    assertThat(order.sortable(0.9)).isLessThan(order.sortable(0.8));
  }

  @Test
  void theLowerPerplexityIsTheBetter() {
    ScoreOrder order = order(Direction.LOWER, null);
    assertThat(order.sortable(3)).isLessThan(order.sortable(4));
  }

  @Test
  void theBiasNearerToItsTargetIsTheBetterOnEitherSide() {
    ScoreOrder order = order(Direction.NEAREST, 0.5);
    assertThat(order.sortable(0.45)).isLessThan(order.sortable(0.6));
    assertThat(order.sortable(0.25)).isEqualTo(order.sortable(0.75));
  }

  @Test
  void whatIsNotFiniteIsTheLastInEveryDirection() {
    for (Direction direction : new Direction[] {Direction.HIGHER, Direction.LOWER}) {
      ScoreOrder order = order(direction, null);
      for (double value :
          new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
        assertThat(order.sortable(value)).isEqualTo(Double.POSITIVE_INFINITY);
      }
    }
  }

  @Test
  void whatIsFartherFromItsTargetThanNumbersGoIsTheLast() {
    assertThat(order(Direction.NEAREST, -Double.MAX_VALUE).sortable(Double.MAX_VALUE))
        .isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(order(Direction.NEAREST, Double.NaN).sortable(0.5))
        .isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void valuesThatDifferInTheLastBitAloneAreEqual() {
    ScoreOrder order = order(Direction.HIGHER, null);
    assertThat(order.sortable(0.7566666666666667)).isEqualTo(order.sortable(0.7566666666666668));
  }

  @Test
  void aTargetThatIsMissingIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> order(Direction.NEAREST, null))
        .withMessageContaining("acc");
  }

  @Test
  void equalsShareARankAndTheNextIsSkippedPastThem() {
    assertThat(Ranks.of(new double[] {-0.9, -0.5, -0.5, -0.1})).containsExactly(1, 2, 2, 4);
  }

  private static ScoreOrder order(Direction direction, Double target) {
    return ScoreOrder.of(new MetricSpec("acc", Aggregation.MEAN, direction, target, null));
  }
}
