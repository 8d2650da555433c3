package dev.castalia.scoring.checkpoint;

import dev.castalia.scoring.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A checkpoint's folder, as a place to find files by name. A symbolic link may not lead out of it,
 * but for the way the Hugging Face cache uses links: from {@code
 * models--ORG--NAME/snapshots/COMMIT} into {@code blobs} of the same repository.
 */
final class CheckpointFolder {

  private final Path folder;
  private final Path real;

  private CheckpointFolder(Path folder, Path real) {
    this.folder = folder;
    this.real = real;
  }

  /**
   * @throws CheckpointException if it is not a folder
   */
  static CheckpointFolder of(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new CheckpointException(
          folder + ": not a folder; a checkpoint is a folder with config.json and weights");
    }
    try {
      return new CheckpointFolder(folder, folder.toRealPath());
    } catch (IOException e) {
      throw CheckpointException.unreadable(folder, e);
    }
  }

  boolean has(String name) {
    return Files.isRegularFile(folder.resolve(name));
  }

  /**
   * The real file of that name.
   *
   * @throws CheckpointException if there is none, or it lies elsewhere
   */
  Path file(String name) {
    Path file = folder.resolve(name);
    if (!has(name)) {
      throw new CheckpointException(
          file + ": missing; the checkpoint is incomplete: fetch it again");
    }
    try {
      Path target = file.toRealPath();
      if (!target.startsWith(real) && !isBlob(target)) {
        throw new CheckpointException(
            file
                + ": a symbolic link to "
                + target
                + ", which is outside of the checkpoint's folder; put the file itself there");
      }
      return target;
    } catch (IOException e) {
      throw CheckpointException.unreadable(file, e);
    }
  }

  private boolean isBlob(Path target) {
    Path snapshots = real.getParent();
    if (snapshots == null || !snapshots.endsWith("snapshots")) {
      return false;
    }
    Path repository = snapshots.getParent();
    return repository.getFileName() != null
        && repository.getFileName().toString().startsWith("models--")
        && target.startsWith(repository.resolve("blobs"));
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
