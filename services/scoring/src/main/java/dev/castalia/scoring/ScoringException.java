package dev.castalia.scoring;

/**
 * Why something could not be scored. The message names the thing, the value it had and what to do;
 * it is meant for the person who gave the checkpoint or the task, not only for a log.
 */
public abstract sealed class ScoringException extends RuntimeException
    permits CheckpointException, TaskException, EvaluationException {

  private final boolean passing;

  ScoringException(String message, boolean passing, Throwable cause) {
    super(message, cause);
    this.passing = passing;
  }

  /**
   * Whether the same attempt may succeed later or elsewhere: the disk failed or the memory ran out.
   * False where the checkpoint or the task itself is wrong, and trying again is in vain.
   */
  public boolean passing() {
    return passing;
  }
}
