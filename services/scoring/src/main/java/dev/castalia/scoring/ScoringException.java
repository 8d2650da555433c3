package dev.castalia.scoring;

import dev.castalia.schemas.PlainText;

/**
 * Why something could not be scored. The message names the thing, the value it had and what to do;
 * it is meant for the person who gave the checkpoint or the task, not only for a log.
 */
public abstract sealed class ScoringException extends RuntimeException
    permits CheckpointException, TaskException, EvaluationException {

  /** Most characters of a message: it may quote a damaged file or a document, and is published. */
  private static final int MOST = 2000;

  private final boolean passing;

  ScoringException(String message, boolean passing, Throwable cause) {
    super(PlainText.of(shortened(message)), cause);
    this.passing = passing;
  }

  /** Without its middle if it is too long: the end says what to do. */
  private static String shortened(String message) {
    return message.length() <= MOST
        ? message
        : message.substring(0, MOST - 500) + " … " + message.substring(message.length() - 490);
  }

  /**
   * Whether the same attempt may succeed later or elsewhere: the disk failed or the memory ran out.
   * False where the checkpoint or the task itself is wrong, and trying again is in vain.
   */
  public boolean passing() {
    return passing;
  }
}
