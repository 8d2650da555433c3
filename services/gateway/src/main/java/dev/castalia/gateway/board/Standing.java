package dev.castalia.gateway.board;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.MetricScore;
import dev.castalia.events.Scorecard;
import dev.castalia.topology.ScoreOrder;
import java.util.Comparator;

/**
 * One checkpoint's place in an order.
 *
 * @param sortable lower is better; infinite where the value is not finite
 */
record Standing(Scorecard card, MetricScore score, double sortable) {

  /** Best first; equals by model and step, so that the order is always the same. */
  static final Comparator<Standing> ORDER =
      Comparator.comparingDouble(Standing::sortable)
          .thenComparing(standing -> standing.checkpoint().getModel())
          .thenComparing(standing -> standing.checkpoint().getStep())
          .thenComparing(standing -> standing.checkpoint().getRevision());

  /** Whether the two are apart by more than chance; null where that cannot be told. */
  Boolean apart(Standing that, ScoreOrder order) {
    return order.apart(
        score.getValue(), score.getStderr(), that.score.getValue(), that.score.getStderr());
  }

  CheckpointPublished checkpoint() {
    return card.getCheckpoint();
  }
}
