package dev.castalia.scoring.task;

import dev.castalia.scoring.TaskException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The tasks of a folder: every {@code *.yaml} directly in it. A file that is wrong does not hide
 * the others.
 *
 * @param tasks by name, in its order
 * @param errors of the files that are no tasks
 */
public record TaskFolder(Map<String, Task> tasks, List<TaskException> errors) {

  /**
   * Reads all definitions and all data.
   *
   * @throws TaskException if the folder itself cannot be read
   */
  public static TaskFolder load(Path folder) {
    Map<String, Task> tasks = new TreeMap<>();
    List<TaskException> errors = new ArrayList<>();
    for (Path file : files(folder)) {
      try {
        Task task = Task.parse(file, text(file));
        Task other = tasks.putIfAbsent(task.name(), task);
        if (other != null) {
          errors.add(
              new TaskException(
                  "%s: task: '%s' is also the name of %s; rename one"
                      .formatted(file, task.name(), other.file())));
        }
      } catch (TaskException e) {
        errors.add(e);
      }
    }
    return new TaskFolder(tasks, errors);
  }

  /**
   * The tasks of these names or tags.
   *
   * @throws TaskException if a name is neither; it tells what there is, or why a file failed
   */
  public List<Task> select(Collection<String> names) {
    Set<Task> selected = new LinkedHashSet<>();
    for (String name : names) {
      List<Task> found =
          Optional.ofNullable(tasks.get(name))
              .map(List::of)
              .orElseGet(
                  () ->
                      tasks.values().stream().filter(task -> task.tags().contains(name)).toList());
      if (found.isEmpty()) {
        String why =
            errors.isEmpty()
                ? ""
                : "; not read: " + errors.stream().map(Throwable::getMessage).toList();
        throw new TaskException(
            "task '" + name + "' is unknown; there are " + tasks.keySet() + why);
      }
      selected.addAll(found);
    }
    return List.copyOf(selected);
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new TaskException(folder + ": not a folder; give the one that has the tasks' .yaml");
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches(".*\\.ya?ml"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw TaskException.unreadable(folder, e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (MalformedInputException e) {
      throw new TaskException(file + ": not UTF-8; save it as UTF-8", e);
    } catch (IOException e) {
      throw TaskException.unreadable(file, e);
    }
  }
}
