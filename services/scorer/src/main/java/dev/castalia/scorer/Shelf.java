package dev.castalia.scorer;

import dev.castalia.events.RequestedTask;
import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.score.EncodedTask;
import dev.castalia.scoring.score.EncodedTasks;
import dev.castalia.scoring.source.Locations;
import dev.castalia.scoring.task.Task;
import dev.castalia.scoring.task.TaskLocation;
import dev.castalia.scoring.tokens.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tokenizers and tasks that this scorer has read: most requests ask for the same ones. Safe for
 * use by several threads.
 */
final class Shelf {

  /** A version of a task at a place: the same place may hold another version later. */
  private record Place(String location, String version) {}

  private final Map<String, Tokenizer> tokenizers = new ConcurrentHashMap<>();
  private final Map<Place, Task> tasks = new ConcurrentHashMap<>();
  private final EncodedTasks encoded = new EncodedTasks();
  private final Locations locations;

  Shelf(Locations locations) {
    this.locations = locations;
  }

  Tokenizer tokenizer(String location) {
    return tokenizers.computeIfAbsent(location, it -> Tokenizer.load(locations.tokenizer(it)));
  }

  /** The folder that a checkpoint's location names; fetched first if it is on a hub. */
  Path checkpoint(String location) {
    return locations.checkpoint(location);
  }

  /**
   * The task as the tokenizer's tokens.
   *
   * @throws TaskException if the files at its location are wrong
   * @throws RefusedException if they are another version than the one asked for
   */
  EncodedTask task(RequestedTask wanted, Tokenizer tokenizer) {
    Place place = new Place(wanted.getLocation(), wanted.getVersion());
    Task task = tasks.computeIfAbsent(place, it -> read(wanted));
    return encoded.get(task, tokenizer, wanted.getShots());
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
