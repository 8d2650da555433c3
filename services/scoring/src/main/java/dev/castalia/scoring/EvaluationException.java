package dev.castalia.scoring;

/** The runtime refused or failed to run a checkpoint that looked right. */
public final class EvaluationException extends ScoringException {

  public EvaluationException(String message, boolean passing, Throwable cause) {
    super(message, passing, cause);
  }
}
