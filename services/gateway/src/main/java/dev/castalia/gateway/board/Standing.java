package dev.castalia.gateway.board;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.MetricScore;
import dev.castalia.events.Scorecard;
import dev.castalia.topology.ScoreOrder;
import java.util.Comparator;

/**
 * One checkpoint's place in an order. Its model and step are here again: whoever looks through
 * hundreds of thousands of places need not look up each one's checkpoint for them.
 *
 * @param sortable lower is better; infinite where the value is not finite
 */
record Standing(Scorecard card, MetricScore score, double sortable, String model, long step)
    implements BoardFilter.Filtered {

  /** Best first; equals by model and step, so that the order is always the same. */
  static final Comparator<Standing> ORDER =
      Comparator.comparingDouble(Standing::sortable)
          .thenComparing(Standing::model)
          .thenComparingLong(Standing::step)
          .thenComparing(standing -> standing.checkpoint().getRevision());

  static Standing of(Scorecard card, MetricScore score) {
    return new Standing(
        card,
        score,
        ScoreOrder.of(score.getSpec()).sortable(score.getValue()),
        card.getCheckpoint().getModel(),
        card.getCheckpoint().getStep());
  }

  /** Whether the two are apart by more than chance; null where that cannot be told. */
  Boolean apart(Standing that, ScoreOrder order) {
    return order.apart(
        score.getValue(), score.getStderr(), that.score.getValue(), that.score.getStderr());
  }

  /** Whether no document is still to be scored; what a source reported of some is all there is. */
  boolean isWhole() {
    return card.getSource() != null || card.getDocuments() == card.getOfDocuments();
  }

  @Override
  public CheckpointPublished checkpoint() {
    return card.getCheckpoint();
  }
}
