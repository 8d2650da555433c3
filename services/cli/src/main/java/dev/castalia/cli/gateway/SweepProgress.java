package dev.castalia.cli.gateway;

import java.util.List;

/**
 * How far a sweep is, in units (slices of a task on a checkpoint).
 *
 * @param state planning, running, done, cancelled or standing
 * @param checkpoints planned so far
 * @param ofCheckpoints that matched when it was accepted; null when unknown
 * @param done scored, by this sweep or before it
 * @param failed for good
 * @param updatedAt null while nothing is planned
 */
public record SweepProgress(
    String sweep,
    String state,
    int checkpoints,
    Integer ofCheckpoints,
    int planned,
    int done,
    int failed,
    List<Model> models,
    String updatedAt) {

  /** The same of one model. */
  public record Model(String model, int planned, int done, int failed) {}

  /** Whether nothing will change any more. */
  public boolean over() {
    return state.equals("done") || cancelled();
  }

  public boolean cancelled() {
    return state.equals("cancelled");
  }
}
