package dev.castalia.scoring;

/** The runtime refused or failed to run a checkpoint that looked right. */
public final class EvaluationException extends ScoringException {

  private enum Lack {
    NONE,
    MEMORY,
    DEVICE
  }

  private final Lack lack;

  public EvaluationException(String message, boolean passing, Throwable cause) {
    this(message, passing, Lack.NONE, cause);
  }

  private EvaluationException(String message, boolean passing, Lack lack, Throwable cause) {
    super(message, passing, cause);
    this.lack = lack;
  }

  /** Where the memory, the device's or the machine's, did not suffice. */
  public static EvaluationException outOfMemory(String message, boolean passing, Throwable cause) {
    return new EvaluationException(message, passing, Lack.MEMORY, cause);
  }

  /** Where a GPU failed; passing, since others of them may do. */
  public static EvaluationException deviceLost(String message, Throwable cause) {
    return new EvaluationException(message, true, Lack.DEVICE, cause);
  }

  /** Whether it may do where fewer models are open. */
  public boolean isOutOfMemory() {
    return lack == Lack.MEMORY;
  }

  /** Whether nothing can be computed on the GPU any more before this process ends. */
  public boolean isDeviceLost() {
    return lack == Lack.DEVICE;
  }
}
