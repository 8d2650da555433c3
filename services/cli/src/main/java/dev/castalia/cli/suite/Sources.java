package dev.castalia.cli.suite;

import dev.castalia.cli.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Tells what a folder holds, and reads it. */
public final class Sources {

  private Sources() {}

  /**
   * What is to be published of a folder: a suite, a checkpoint, a run of checkpoints, or tasks.
   *
   * @param facts of the run; a suite has its own
   * @param tokenizer null to look for it in the folder and above it
   * @param choice of a folder of tasks
   * @throws CommandException if the folder holds none of these
   */
  public static Announcement read(Path folder, RunFacts facts, Path tokenizer, TaskChoice choice) {
    Path root = folder.toAbsolutePath().normalize();
    Path tokenizerFile = tokenizer == null ? null : tokenizer.toAbsolutePath().normalize();
    if (!Files.isDirectory(root)) {
      throw new CommandException(root + ": not a folder");
    }
    if (Suite.isAt(root)) {
      if (facts.any() || tokenizerFile != null) {
        throw new CommandException(
            root + " is a suite, whose suite.json tells of its models: leave the flags out");
      }
      return Suite.read(root).announcement(Suite.Steps.LISTED);
    }
    if (CheckpointSource.isCheckpoint(root)) {
      return CheckpointSource.checkpoint(root, facts, tokenizerFile);
    }
    if (CheckpointSource.isRun(root)) {
      return CheckpointSource.run(root, facts, tokenizerFile);
    }
    if (!choice.tasks().isEmpty() || hasDefinitions(root)) {
      return TaskSource.read(
          root, tokenizerFile == null ? TokenizerFile.near(root) : tokenizerFile, choice);
    }
    throw new CommandException(
        root
            + ": nothing to publish in it: give a suite (suite.json), a checkpoint (config.json), a"
            + " folder of checkpoints (step*/config.json), or a folder of tasks (*.yaml)");
  }

  private static boolean hasDefinitions(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> file.getFileName().toString().matches(".*\\.ya?ml"));
    } catch (IOException e) {
      throw new CommandException(folder + ": cannot be read (" + e + ")", e);
    }
  }
}
