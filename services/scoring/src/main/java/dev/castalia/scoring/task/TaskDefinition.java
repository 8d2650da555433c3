package dev.castalia.scoring.task;

import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.source.Roots;
import dev.castalia.scoring.task.data.DataPath;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A task that was asked for, not read yet.
 *
 * @param name as results have it
 * @param file that defines it, or the group that defines it within itself
 * @param overrides what a group says otherwise of the task
 * @param inline whether {@code overrides} are the whole definition
 */
public record TaskDefinition(
    String name, Path file, Map<String, Object> overrides, boolean inline) {

  /**
   * Reads definition and data.
   *
   * @param data where data is looked for that is not beside the definition
   * @throws TaskException if something in it is wrong or not understood
   */
  public Task load(DataPath data) {
    return Task.of(inline ? TaskYaml.inline(file, overrides) : yaml(), data);
  }

  /** The tags the task has by its own definition. */
  public List<String> tags() {
    return inline ? List.of() : yaml().strings("tag");
  }

  private TaskYaml yaml() {
    return TaskYaml.load(file, overrides, Roots.ANY);
  }
}
