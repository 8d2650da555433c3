package dev.castalia.scoring.results;

import dev.castalia.scoring.score.EncodedTask;
import dev.castalia.scoring.score.SliceScores;
import java.time.Duration;

/**
 * A task and what a model scored on it.
 *
 * @param took from the first batch to the last score, without reading or encoding the task
 */
public record TaskResult(EncodedTask task, SliceScores scores, Duration took) {

  public double documentsPerSecond() {
    return scores.documents() / seconds();
  }

  /** Padding and repetitions not counted. */
  public double tokensPerSecond() {
    return scores.tokens() / seconds();
  }

  double seconds() {
    return took.toNanos() / 1e9;
  }
}
