package dev.castalia.scoring.task;

import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.task.TaskIndex.Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The tasks, groups and tags of a folder and those below it. Opening reads little more than their
 * names; what is asked for is read when it is asked for. A file that is wrong does not hide the
 * others.
 */
public final class TaskFolder {

  private static final int LISTED = 20;

  private final Path folder;
  private final TaskIndex index;

  private TaskFolder(Path folder, TaskIndex index) {
    this.folder = folder;
    this.index = index;
  }

  /**
   * @throws TaskException if the folder cannot be read
   */
  public static TaskFolder open(Path folder) {
    Path normal = folder.normalize();
    return new TaskFolder(normal, TaskIndex.of(normal));
  }

  /** Everything the folder defines. */
  public TaskSelection all() {
    return select(index.tasks());
  }

  /** Why files could not be told from tasks. */
  public List<TaskException> errors() {
    return index.errors();
  }

  /**
   * What the names mean: tasks, groups, tags, patterns of these ({@code blimp_*}), or paths of YAML
   * files.
   *
   * @throws TaskException if a name means nothing; it tells what there is
   */
  public TaskSelection select(Collection<String> names) {
    TaskSelection.Builder selection = new TaskSelection.Builder(index);
    for (String name : names) {
      Optional<Entry> entry = index.get(name);
      if (entry.isPresent()) {
        selection.add(name, entry.get());
      } else if (isFile(name)) {
        selection.add(Path.of(name));
      } else {
        matching(name).forEach(match -> selection.add(match, index.get(match).orElseThrow()));
      }
    }
    return selection.build();
  }

  private static boolean isFile(String name) {
    return name.matches(".*\\.ya?ml") && Files.isRegularFile(Path.of(name));
  }

  private List<String> matching(String pattern) {
    List<String> matches = new ArrayList<>();
    if (pattern.matches(".*[*?\\[].*")) {
      index.names().stream().filter(glob(pattern)).forEach(matches::add);
    }
    if (matches.isEmpty()) {
      throw unknown(pattern);
    }
    return matches;
  }

  /** As {@code fnmatch}: {@code *}, {@code ?}, {@code [abc]} and {@code [!abc]}. */
  private static Predicate<String> glob(String pattern) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      int end = c == '[' ? pattern.indexOf(']', i + 2) : -1;
      if (end > 0) {
        String inside = pattern.substring(i + 1, end).replace("\\", "\\\\").replace("[", "\\[");
        regex.append('[').append(inside.startsWith("!") ? "^" + inside.substring(1) : inside);
        regex.append(']');
        i = end;
      } else {
        regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
      }
    }
    try {
      return Pattern.compile(regex.toString()).asMatchPredicate();
    } catch (PatternSyntaxException e) {
      throw new TaskException("task pattern '" + pattern + "' is wrong: " + e.getDescription(), e);
    }
  }

  private TaskException unknown(String name) {
    List<String> near =
        index.names().size() <= LISTED
            ? List.copyOf(index.names())
            : index.names().stream()
                .filter(other -> other.contains(name) || name.contains(other))
                .limit(LISTED)
                .toList();
    String known =
        near.isEmpty()
            ? "none of the %d names of %s is like it".formatted(index.names().size(), folder)
            : "there are " + near;
    String errors =
        index.errors().isEmpty()
            ? ""
            : "; not read: "
                + index.errors().stream().limit(LISTED).map(Throwable::getMessage).toList();
    return new TaskException("task '" + name + "' is unknown; " + known + errors);
  }
}
