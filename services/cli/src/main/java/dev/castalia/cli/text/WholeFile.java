package dev.castalia.cli.text;

import dev.castalia.cli.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** A file that appears whole or not at all. */
public final class WholeFile {

  private WholeFile() {}

  /** Writes what the file is to hold. */
  public interface Content {
    void write(Path file) throws IOException;
  }

  /**
   * Writes the file, and makes the folders that it is in; one that is there is replaced. Of several
   * that are written at once the last stays.
   *
   * @throws CommandException if it cannot be written
   */
  public static void write(Path file, Content content) {
    Path target = file.toAbsolutePath();
    try {
      Files.createDirectories(target.getParent());
      // Files.createTempFile would make one that only its owner may read.
      Path part = target.resolveSibling(".castalia-" + UUID.randomUUID() + ".part");
      try {
        content.write(part);
        Files.move(
            part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new CommandException(target + ": cannot be written (" + e + ")", e);
    }
  }
}
