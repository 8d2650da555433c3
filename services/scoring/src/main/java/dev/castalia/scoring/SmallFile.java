package dev.castalia.scoring;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of a checkpoint that are read whole, and so may not be of any length. */
public final class SmallFile {

  private SmallFile() {}

  /**
   * The content of a file.
   *
   * @param most bytes
   * @throws CheckpointException if it has more
   */
  public static byte[] read(Path file, int most) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(most + 1);
      if (content.length > most) {
        throw new CheckpointException(
            "%s: longer than the %d bytes that such a file has at most; it is something else"
                .formatted(file, most));
      }
      return content;
    }
  }
}
