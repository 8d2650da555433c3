package dev.castalia.topology;

import dev.castalia.events.Aggregation;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.Direction;
import dev.castalia.events.MetricScore;
import dev.castalia.events.MetricSpec;
import dev.castalia.events.Scorecard;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.state.ScoredMetric;
import dev.castalia.topology.state.TaskScore;

/** From scorecards to what is kept of them behind the ledger, and back. */
public final class TaskScores {

  private TaskScores() {}

  static TaskScore of(Scorecard scorecard) {
    CheckpointPublished checkpoint = scorecard.getCheckpoint();
    return new TaskScore(
        checkpoint.getModel(),
        checkpoint.getRevision(),
        checkpoint.getStep(),
        checkpoint.getTokensSeen(),
        checkpoint.getParameters(),
        checkpoint.getVariant(),
        checkpoint.getSeed(),
        checkpoint.getSuite(),
        checkpoint.getLanguage(),
        checkpoint.getParent(),
        checkpoint.getLearningRate(),
        scorecard.getTask(),
        scorecard.getVersion(),
        scorecard.getTaskRegisteredAt().toEpochMilli(),
        scorecard.getLanguage(),
        scorecard.getShots(),
        scorecard.getDtype(),
        scorecard.getSource(),
        scorecard.getDocuments(),
        scorecard.getOfDocuments(),
        scorecard.getFingerprint(),
        scorecard.getUpdatedAt().toEpochMilli(),
        scorecard.getMetrics().stream().map(TaskScores::metric).toList());
  }

  private static ScoredMetric metric(MetricScore score) {
    MetricSpec spec = score.getSpec();
    return new ScoredMetric(
        spec.getMetric(),
        spec.getAggregation().name(),
        spec.getDirection().name(),
        spec.getTarget(),
        spec.getChance(),
        score.getValue(),
        score.getStderr());
  }

  public static MetricSpec spec(ScoredMetric metric) {
    return new MetricSpec(
        metric.getMetric(),
        Aggregation.valueOf(metric.getAggregation()),
        Direction.valueOf(metric.getDirection()),
        metric.getTarget(),
        metric.getChance());
  }

  public static String checkpoint(TaskScore score) {
    return Keys.checkpoint(score.getModel(), score.getRevision());
  }

  /** How the score was measured, and by whom. */
  public static String measured(TaskScore score) {
    return Keys.measured(score.getShots(), score.getDtype(), score.getSource());
  }

  /** What scores on one trajectory of each metric have in common. */
  public static String series(TaskScore score) {
    return String.join(Keys.SEPARATOR, score.getModel(), score.getTask(), measured(score));
  }
}
