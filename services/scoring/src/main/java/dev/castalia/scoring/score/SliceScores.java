package dev.castalia.scoring.score;

import java.util.List;

/**
 * What a checkpoint scored on documents {@code start} to {@code end} (exclusive) of a task.
 *
 * @param metrics in the task's order
 * @param observations in document order, for a log of samples
 * @param tokens that went through the model, padding and repetitions not counted
 * @param places for tokens in the batches, padding included: {@code tokens / places} is how full
 *     they were
 */
public record SliceScores(
    int start,
    int end,
    List<MetricValues> metrics,
    List<Observation> observations,
    long tokens,
    long places) {

  public int documents() {
    return end - start;
  }
}
