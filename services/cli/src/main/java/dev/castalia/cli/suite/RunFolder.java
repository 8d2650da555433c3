package dev.castalia.cli.suite;

import dev.castalia.cli.CommandException;
import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.scoring.checkpoint.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder into which checkpoints are written: a suite, a run, or several runs. What the files of a
 * checkpoint do not tell comes from the suite's listing, or else from flags and the path.
 */
public final class RunFolder {

  private final Path root;
  private final RunFacts facts;
  private final Path tokenizer;

  /**
   * @param facts of the runs; a suite has its own
   * @param tokenizer null to look for it in a checkpoint's folder and above it
   * @throws CommandException if it is no folder or that of one checkpoint, or flags are given to a
   *     suite or to one checkpoint
   */
  public RunFolder(Path folder, RunFacts facts, Path tokenizer) {
    this.root = folder.toAbsolutePath().normalize();
    this.facts = facts;
    this.tokenizer = tokenizer == null ? null : tokenizer.toAbsolutePath().normalize();
    if (!Files.isDirectory(root)) {
      throw new CommandException(root + ": not a folder; make it before it is followed");
    }
    if (isStep(root) && CheckpointSource.isCheckpoint(root)) {
      throw new CommandException(
          root + " is one checkpoint, and a folder of them is followed: publish it instead");
    }
    if (Suite.isAt(root) && (facts.any() || tokenizer != null)) {
      throw new CommandException(
          root + " is a suite, whose suite.json tells of its models: leave the flags out");
    }
    if (facts.isOneCheckpoint()) {
      throw new CommandException(
          "--revision and --step are of one checkpoint, but a folder of them is followed: leave them"
              + " out");
    }
  }

  /** Absolute. */
  public Path root() {
    return root;
  }

  /** Whether a folder is where a checkpoint belongs: named after its step, as step512. */
  public static boolean isStep(Path folder) {
    return CheckpointSource.stepOf(folder).isPresent();
  }

  /**
   * What to publish of a checkpoint. The suite's listing is read anew: it may grow as runs do.
   *
   * @throws CommandException if something is not known of it
   */
  public CheckpointEntry entry(Path folder, Checkpoint checkpoint) {
    return Suite.isAt(root)
        ? Suite.read(root).entry(folder, checkpoint)
        : CheckpointSource.entry(folder, checkpoint, facts, tokenizer);
  }
}
