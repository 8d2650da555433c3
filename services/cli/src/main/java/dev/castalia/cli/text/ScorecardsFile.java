package dev.castalia.cli.text;

import dev.castalia.cli.CommandException;
import dev.castalia.cli.gateway.Json;
import dev.castalia.cli.gateway.Scorecard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** A file of scorecards: {@code {"scorecards": [...]}}. */
public final class ScorecardsFile {

  private ScorecardsFile() {}

  /**
   * Writes the file, whole or not at all; one that is there is replaced.
   *
   * @throws CommandException if it cannot be written
   */
  public static void write(Path file, List<Scorecard> scorecards) {
    record Scorecards(List<Scorecard> scorecards) {}
    Path target = file.toAbsolutePath();
    try {
      Files.createDirectories(target.getParent());
      Path part = target.resolveSibling("." + target.getFileName() + ".part");
      try {
        Files.writeString(part, Json.indented(new Scorecards(scorecards)) + "\n");
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new CommandException(target + ": cannot be written (" + e + ")", e);
    }
  }
}
