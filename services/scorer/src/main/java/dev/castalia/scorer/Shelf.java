package dev.castalia.scorer;

import dev.castalia.events.RequestedTask;
import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.score.EncodedTask;
import dev.castalia.scoring.source.HeldFolder;
import dev.castalia.scoring.source.Locations;
import dev.castalia.scoring.task.Task;
import dev.castalia.scoring.task.TaskLocation;
import dev.castalia.scoring.tokens.Tokenizer;
import dev.castalia.scoring.tokens.TokenizerContent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * The tokenizers and tasks that this scorer has read: most requests ask for the same ones. What is
 * used most is kept. Safe for use by several threads.
 */
final class Shelf {

  /** Each holds some MiB of native memory. */
  private static final int TOKENIZERS = 16;

  /** Of this process's memory, what all that is kept of tasks may take. */
  private static final int TASK_KIB =
      (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 8 >> 10);

  /** A version of a task at a place: the same place may hold another version later. */
  private record Encoded(
      String task,
      String version,
      String location,
      String tokenizer,
      OptionalInt prefixToken,
      int shots) {}

  private final Kept<String, Tokenizer> tokenizers = new Kept<>(TOKENIZERS, _ -> 1);
  private final Kept<Encoded, EncodedTask> tasks =
      new Kept<>(TASK_KIB, it -> 1 + (it.bytes() >> 10));
  private final Locations locations;

  Shelf(Locations locations) {
    this.locations = locations;
  }

  /**
   * The tokenizer at a location; fetched first if it is on a hub. All that are equal are one: each
   * checkpoint of a run may have its own copy of the file.
   */
  Tokenizer tokenizer(String location) {
    TokenizerContent content = TokenizerContent.read(locations.tokenizer(location));
    return tokenizers.get(content.identity(), content::open);
  }

  /** The folder that a checkpoint's location names; fetched first if it is on a hub. */
  HeldFolder checkpoint(String location) {
    return locations.hold(location);
  }

  /**
   * The task as the tokenizer's tokens.
   *
   * @throws TaskException if the files at its location are wrong
   * @throws RefusedException if they are another version than the one asked for
   */
  EncodedTask task(RequestedTask wanted, Tokenizer tokenizer) {
    return tasks.get(
        new Encoded(
            wanted.getTask(),
            wanted.getVersion(),
            wanted.getLocation(),
            tokenizer.fingerprint(),
            tokenizer.prefixToken(),
            wanted.getShots()),
        () -> EncodedTask.of(read(wanted), tokenizer, wanted.getShots()));
  }

  private Task read(RequestedTask wanted) {
    TaskLocation location = TaskLocation.parse(wanted.getLocation());
    Path file = locations.roots().require(location.file(), TaskException::new);
    if (!Files.exists(file)) {
      throw new TaskException(
          file + ": does not exist here; give this scorer the task's files, or register the task");
    }
    Task task = location.load(locations.roots());
    if (!task.name().equals(wanted.getTask()) || !task.version().equals(wanted.getVersion())) {
      throw new RefusedException(
          "%s holds %s in version %s, but %s in version %s was asked for; give this scorer the files that were registered, or register these"
              .formatted(file, task.name(), task.version(), wanted.getTask(), wanted.getVersion()));
    }
    return task;
  }
}
