package dev.castalia.cli.suite;

import dev.castalia.cli.CommandException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the tokenizer of a checkpoint or of tasks. */
public final class TokenizerFile {

  private static final String NAME = "tokenizer.json";

  private TokenizerFile() {}

  /**
   * The {@code tokenizer.json} in a folder or, failing that, in the nearest folder above it.
   *
   * @return absolute
   * @throws CommandException if there is none
   */
  public static Path near(Path folder) {
    Path start = folder.toAbsolutePath().normalize();
    for (Path at = start; at != null; at = at.getParent()) {
      Path file = at.resolve(NAME);
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    throw new CommandException(
        start + ": no " + NAME + " in it or in a folder above it: give one with --tokenizer FILE");
  }
}
