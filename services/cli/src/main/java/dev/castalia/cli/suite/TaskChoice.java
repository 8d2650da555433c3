package dev.castalia.cli.suite;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which tasks of a folder are meant, and where their data is. */
public final class TaskChoice {

  @Option(
      names = "--tasks",
      split = ",",
      paramLabel = "TASK",
      description =
          "Of a folder of tasks, only these: names, groups, tags, or patterns of these; all of them"
              + " unless given.")
  private List<String> tasks = List.of();

  @Option(
      names = "--data-path",
      paramLabel = "DIR",
      description =
          "The folder of data sets of tasks that don't name their files, where scorers find it"
              + " too.")
  private Path data;

  List<String> tasks() {
    return tasks;
  }

  /** Absolute. */
  Optional<Path> data() {
    return Optional.ofNullable(data).map(path -> path.toAbsolutePath().normalize());
  }
}
