package dev.castalia.scoring;

import java.io.IOException;
import java.nio.file.Path;

/** A task's definition or data cannot be read, or asks for what Castalia does not do. */
public final class TaskException extends ScoringException {

  public TaskException(String message) {
    super(message, false, null);
  }

  public TaskException(String message, Throwable cause) {
    super(message, false, cause);
  }

  private TaskException(String message, boolean passing, Throwable cause) {
    super(message, passing, cause);
  }

  /** The file is there but reading it failed: the disk's or the network's fault, it may pass. */
  public static TaskException unreadable(Path file, IOException cause) {
    return new TaskException(
        file + ": cannot be read (" + cause + "); check the disk and try again", true, cause);
  }
}
