package dev.castalia.cli.command;

import dev.castalia.cli.CommandException;
import dev.castalia.cli.Folders;
import dev.castalia.scoring.bench.RandomCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A checkpoint of random weights to measure with, in a folder for temporary files until closed. */
final class BenchModel implements AutoCloseable {

  private final Path folder;
  private final Thread atExit = new Thread(this::delete);

  private BenchModel(Path folder) {
    this.folder = folder;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Of pythia-70m's shape. */
  static BenchModel write() {
    try {
      BenchModel model = new BenchModel(Files.createTempDirectory("castalia-bench"));
      try {
        RandomCheckpoint.write(model.folder, RandomCheckpoint.PYTHIA_70M, 0);
        return model;
      } catch (IOException e) {
        model.close();
        throw e;
      }
    } catch (IOException e) {
      throw new CommandException(
          "a checkpoint of random weights (280 MB) cannot be written to the folder for temporary"
              + " files: "
              + e,
          e);
    }
  }

  Path folder() {
    return folder;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
      delete();
    } catch (IllegalStateException e) {
      // The process is ending, and the hook deletes it.
    }
  }

  private void delete() {
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      throw new CommandException(folder + " cannot be deleted: " + e, e);
    }
  }
}
