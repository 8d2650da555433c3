package dev.castalia.scoring.task.data;

import dev.castalia.scoring.TaskException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Folders in which data sets lie as {@code <dataset_path>/<dataset_name>/<split>.jsonl}, {@code
 * default} standing for the name of one without. A split may be in several files, numbered as the
 * hub numbers them: {@code test-00000-of-00002.parquet}; then all must be there. The datasets
 * library's own cache will do, too.
 *
 * @param folders looked into in order; the first that has a data set is taken
 */
public record DataPath(List<Path> folders) {

  /** Only data that tasks themselves name the files of. */
  public static final DataPath NONE = new DataPath(List.of());

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
      if (!Files.isDirectory(folder)) {
        throw new TaskException(folder + " is not a folder; give that of the data sets");
      }
      for (Path candidate : candidates(folder, path, name)) {
        tried.add(candidate);
        requireWithin(folder, candidate);
        Map<String, List<Path>> splits = SplitFiles.of(candidate, "");
        if (!splits.isEmpty()) {
          return splits;
        }
      }
      Path cached = DatasetsCache.folder(folder, path, name);
      tried.add(cached);
      requireWithin(folder, cached);
      Optional<Path> newest = DatasetsCache.newest(cached);
      if (newest.isPresent()) {
        return SplitFiles.of(newest.get(), DatasetsCache.prefix(path));
      }
    }
    throw new TaskException(
        folders.isEmpty()
            ? "data set '"
                + path
                + "' is not beside the task; give the folder of data sets, --data-path"
            : "data set '%s'%s is in none of %s"
                .formatted(path, name == null ? "" : ", '" + name + "'", tried));
  }

  private static List<Path> candidates(Path folder, String path, String name) {
    Path root = folder.resolve(path).normalize();
    return name == null
        ? List.of(root.resolve("default"), root, root.resolve("data"))
        : List.of(root.resolve(name), root.resolve("data").resolve(name));
  }

  /** A task names data sets of the folder, and none beside it, be it through a link. */
  private static void requireWithin(Path folder, Path candidate) {
    try {
      boolean within =
          candidate.normalize().startsWith(folder.normalize())
              && (!Files.exists(candidate)
                  || candidate.toRealPath().startsWith(folder.toRealPath()));
      if (!within) {
        throw new TaskException(
            "data set " + candidate + " is outside of the folder of data sets, " + folder);
      }
    } catch (IOException e) {
      throw TaskException.unreadable(candidate, e);
    }
  }
}
