package dev.castalia.cli.text;

import dev.castalia.cli.CommandException;
import dev.castalia.cli.gateway.Json;
import dev.castalia.cli.gateway.Scorecard;
import java.nio.file.Files;
import java.nio.file.Path;
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
    WholeFile.write(
        file, part -> Files.writeString(part, Json.indented(new Scorecards(scorecards)) + "\n"));
  }
}
