package dev.castalia.scoring.task;

import dev.castalia.scoring.TaskException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names that a folder's files define, at any depth: tasks, groups and tags, as the harness
 * knows them. Of equal names in one folder the first in the order of paths counts. Reads headers
 * only; a file that cannot be read is remembered and does not hide the others.
 */
final class TaskIndex {

  /** What a name stands for. */
  sealed interface Entry {

    record OfTask(Path file) implements Entry {}

    record OfGroup(Path file) implements Entry {}

    record OfTag(SortedSet<String> tasks) implements Entry {}
  }

  /** Any YAML but in hidden folders, where editors and volume mounts keep copies. */
  private static final Pattern DEFINITION = Pattern.compile("(?:[^./][^/]*/)*[^./][^/]*\\.ya?ml");

  private final Map<String, Entry> entries = new TreeMap<>();
  private final List<TaskException> errors = new ArrayList<>();
  private final Map<Path, TaskHeader> headers = new ConcurrentHashMap<>();

  /** With what they have from those they include. */
  private final Map<Path, TaskHeader> whole = new HashMap<>();

  private TaskIndex() {}

  /**
   * @throws TaskException if the folder itself cannot be read
   */
  static TaskIndex of(Path folder) {
    TaskIndex index = new TaskIndex();
    List<Path> files = files(folder);
    // Reading is most of the time: side by side, then named in the order of paths.
    files.parallelStream().forEach(index::tryHeader);
    files.forEach(index::add);
    index.headers.clear();
    index.whole.clear();
    return index;
  }

  Optional<Entry> get(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  /** All names, sorted. */
  SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(entries.keySet()));
  }

  /** Names of tasks, sorted. */
  List<String> tasks() {
    return entries.entrySet().stream()
        .filter(entry -> entry.getValue() instanceof Entry.OfTask)
        .map(Map.Entry::getKey)
        .toList();
  }

  List<TaskException> errors() {
    return Collections.unmodifiableList(errors);
  }

  private void tryHeader(Path file) {
    try {
      header(file);
    } catch (TaskException e) {
      // Read again, and reported, when its turn comes.
    }
  }

  private void add(Path file) {
    TaskHeader header;
    try {
      header = whole(file, 0);
    } catch (TaskException e) {
      errors.add(e);
      return;
    }
    if (header.group().isPresent()) {
      entries.putIfAbsent(header.group().get(), new Entry.OfGroup(file));
    } else if (header.task().isPresent()) {
      String name = header.task().get();
      Entry other = entries.putIfAbsent(name, new Entry.OfTask(file));
      if (other == null) {
        addTags(name, header.tags());
      } else if (other instanceof Entry.OfTask(Path first)) {
        errors.add(
            new TaskException(
                "%s: task: '%s' is also the name of %s; rename one".formatted(file, name, first)));
      }
    }
  }

  private void addTags(String task, List<String> tags) {
    for (String tag : tags == null ? List.<String>of() : tags) {
      if (entries.computeIfAbsent(tag, it -> new Entry.OfTag(new TreeSet<>()))
          instanceof Entry.OfTag(SortedSet<String> tasks)) {
        tasks.add(task);
      }
    }
  }

  private TaskHeader whole(Path file, int depth) {
    TaskHeader known = whole.get(file);
    if (known != null) {
      return known;
    }
    TaskHeader header = header(file);
    if (depth > 100) {
      throw new TaskException(file + ": include: it includes itself");
    }
    TaskHeader merged = header;
    // The last of several included files wins, and the file itself over all.
    for (String include : header.includes().reversed()) {
      merged = merged.over(whole(file.resolveSibling(include).normalize(), depth + 1));
    }
    whole.put(file, merged);
    return merged;
  }

  private TaskHeader header(Path file) {
    return headers.computeIfAbsent(file, TaskHeader::read);
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new TaskException(folder + ": not a folder; give the one that has the tasks' .yaml");
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> DEFINITION.matcher(folder.relativize(file).toString()).matches())
          .sorted(Comparator.comparing(Path::toString))
          .toList();
    } catch (IOException e) {
      throw TaskException.unreadable(folder, e);
    } catch (UncheckedIOException e) {
      throw TaskException.unreadable(folder, e.getCause());
    }
  }
}
