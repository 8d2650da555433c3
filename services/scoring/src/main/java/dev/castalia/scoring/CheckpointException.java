package dev.castalia.scoring;

import java.io.IOException;
import java.nio.file.Path;

/** A checkpoint or its tokenizer cannot be read, or is not one that Castalia can run. */
public final class CheckpointException extends ScoringException {

  public CheckpointException(String message) {
    this(message, false, null);
  }

  public CheckpointException(String message, Throwable cause) {
    this(message, false, cause);
  }

  private CheckpointException(String message, boolean passing, Throwable cause) {
    super(message, passing, cause);
  }

  /** Something outside of the checkpoint failed, and may do better later. */
  public static CheckpointException passing(String message) {
    return new CheckpointException(message, true, null);
  }

  /** The file is there but reading it failed: the disk's or the network's fault, it may pass. */
  public static CheckpointException unreadable(Path file, IOException cause) {
    return new CheckpointException(
        file + ": cannot be read (" + cause + "); check the disk and try again", true, cause);
  }
}
