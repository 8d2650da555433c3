package dev.castalia.gateway.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.MetricSpec;
import dev.castalia.events.Scorecard;
import dev.castalia.gateway.support.Events;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoardTest {

  private final Board board = new Board();

  @Test
  void theHighestIsFirstWhereHigherIsBetter() {
    score("a", "v1", Events.ACC, 0.4);
    score("b", "v1", Events.ACC, 0.6);

    assertThat(models("acc")).containsExactly("b", "a");
  }

  @Test
  void theNearestToTheTargetIsFirstForABias() {
    score("a", "v1", Events.BIAS, 0.7);
    score("b", "v1", Events.BIAS, 0.45);
    score("c", "v1", Events.BIAS, 0.2);

    assertThat(models("pct_stereotype")).containsExactly("b", "a", "c");
  }

  @Test
  void whatIsNotFiniteIsLast() {
    score("a", "v1", Events.ACC, Double.NaN);
    score("b", "v1", Events.ACC, Double.POSITIVE_INFINITY);
    score("c", "v1", Events.ACC, 0.1);

    assertThat(models("acc")).containsExactly("c", "a", "b");
  }

  @Test
  void onlyTheLatestVersionThatWasScoredRanks() {
    score("a", "v1", Events.ACC, 0.9);
    score("b", "v2", Events.ACC, 0.5);

    assertThat(models("acc")).containsExactly("b");
  }

  @Test
  void aVersionOfWhichNoScoreStandsAnyMoreHidesNoOther() {
    score("a", "v1", Events.ACC, 0.9);
    empty("b", "v2");

    assertThat(models("acc")).containsExactly("a");
  }

  @Test
  void whatIsNotScoredAnyMoreIsNotOnTheBoard() {
    score("a", "v1", Events.ACC, 0.9);
    empty("a", "v1");

    assertThat(board.latest()).isEmpty();
  }

  @Test
  void theOrderFollowsAChange() {
    score("a", "v1", Events.ACC, 0.4);
    score("b", "v1", Events.ACC, 0.6);
    assertThat(models("acc")).containsExactly("b", "a");

    score("a", "v1", Events.ACC, 0.8);
    board.remove("b");

    assertThat(models("acc")).containsExactly("a");
  }

  @Test
  void equalsAreInTheOrderOfNames() {
    score("c", "v1", Events.ACC, 0.5);
    score("a", "v1", Events.ACC, 0.5);
    score("b", "v1", Events.ACC, 0.5);

    assertThat(models("acc")).containsExactly("a", "b", "c");
  }

  private void score(String model, String version, MetricSpec metric, double value) {
    board.put(
        model, Events.scorecard(Events.checkpoint(model, 1), "task", version, 0, metric, value));
  }

  /** As replaced weights leave it. */
  private void empty(String model, String version) {
    Scorecard scored =
        Events.scorecard(Events.checkpoint(model, 1), "task", version, 0, Events.ACC, 0.5);
    board.put(model, Scorecard.newBuilder(scored).setDocuments(0).setMetrics(List.of()).build());
  }

  private Iterable<String> models(String metric) {
    return board.order(metric).stream().map(standing -> standing.checkpoint().getModel()).toList();
  }
}
