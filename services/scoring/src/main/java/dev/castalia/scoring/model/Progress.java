package dev.castalia.scoring.model;

/**
 * Told between batches how far a run is. To stop the run, throw an unchecked exception, which comes
 * out of the run unchanged.
 */
@FunctionalInterface
public interface Progress {

  Progress NONE = (done, total) -> {};

  /**
   * On the thread that runs, after each batch.
   *
   * @param done tokens (without padding) done so far
   * @param total tokens known to be needed
   */
  void batchDone(long done, long total);
}
