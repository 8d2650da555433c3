package dev.castalia.scoring.task.data;

import dev.castalia.scoring.TaskException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Folders in which data sets lie as {@code <dataset_path>/<dataset_name>/<split>.jsonl}, {@code
 * default} standing for the name of one without. A split may be in several files, numbered as the
 * hub numbers them: {@code test-00000-of-00002.parquet}.
 *
 * @param folders looked into in order; the first that has a data set is taken
 */
public record DataPath(List<Path> folders) {

  /** Only data that tasks themselves name the files of. */
  public static final DataPath NONE = new DataPath(List.of());

  private static final Pattern SHARD = Pattern.compile("(.+?)-\\d{5}-of-\\d{5}(?:-[0-9a-f]+)?");

  public DataPath {
    folders = List.copyOf(folders);
  }

  public static DataPath of(Path folder) {
    return new DataPath(List.of(folder));
  }

  /**
   * The files of a data set's splits, by split.
   *
   * @param name of the configuration; null for a data set without
   * @throws TaskException if no folder has it
   */
  Map<String, List<Path>> find(String path, String name) {
    List<Path> tried = new ArrayList<>();
    for (Path folder : folders) {
      for (Path candidate : candidates(folder, path, name)) {
        tried.add(candidate);
        Map<String, List<Path>> splits = splits(candidate);
        if (!splits.isEmpty()) {
          return splits;
        }
      }
    }
    throw new TaskException(
        folders.isEmpty()
            ? "data set '" + path + "' is not beside the task; give the folder of data sets"
            : "data set '%s'%s is in none of %s"
                .formatted(path, name == null ? "" : ", '" + name + "'", tried));
  }

  private static List<Path> candidates(Path folder, String path, String name) {
    Path root = folder.resolve(path).normalize();
    if (!root.startsWith(folder.normalize())) {
      return List.of();
    }
    return name == null
        ? List.of(root.resolve("default"), root, root.resolve("data"))
        : List.of(root.resolve(name), root.resolve("data").resolve(name));
  }

  private static Map<String, List<Path>> splits(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Map.of();
    }
    Map<String, List<Path>> splits = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> DataFormat.of(file.getFileName().toString()).isPresent())
          .sorted()
          .forEach(file -> splits.computeIfAbsent(split(file), it -> new ArrayList<>()).add(file));
    } catch (IOException e) {
      throw TaskException.unreadable(folder, e);
    }
    Map<String, List<Path>> chosen = new LinkedHashMap<>();
    splits.forEach((split, files) -> chosen.put(split, ofOneForm(files)));
    return chosen;
  }

  /** The same data may lie there in several forms: a split is read from one of them. */
  private static List<Path> ofOneForm(List<Path> files) {
    String first = form(files.getFirst());
    return files.stream().filter(file -> form(file).equals(first)).toList();
  }

  private static String form(Path file) {
    String name = file.getFileName().toString();
    return SHARD.matcher(DataFormat.stem(name)).matches()
        + name.substring(DataFormat.stem(name).length());
  }

  private static String split(Path file) {
    String stem = DataFormat.stem(file.getFileName().toString());
    Matcher shard = SHARD.matcher(stem);
    return shard.matches() ? shard.group(1) : stem;
  }
}
