package dev.castalia.scoring;

/** The runtime refused or failed to run a checkpoint that looked right. */
public final class EvaluationException extends ScoringException {

  private final boolean outOfMemory;

  public EvaluationException(String message, boolean passing, Throwable cause) {
    this(message, passing, false, cause);
  }

  private EvaluationException(
      String message, boolean passing, boolean outOfMemory, Throwable cause) {
    super(message, passing, cause);
    this.outOfMemory = outOfMemory;
  }

  /** Where the memory, the device's or the machine's, did not suffice. */
  public static EvaluationException outOfMemory(String message, boolean passing, Throwable cause) {
    return new EvaluationException(message, passing, true, cause);
  }

  /** Whether it may do where fewer models are open. */
  public boolean isOutOfMemory() {
    return outOfMemory;
  }
}
