package dev.castalia.scoring.task.data;

import dev.castalia.scoring.TaskException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the datasets library's own cache has a data set. */
final class DatasetsCache {

  private DatasetsCache() {}

  /**
   * What it has of a data set, in several versions perhaps.
   *
   * @param name of the configuration; null for a data set without
   */
  static Path folder(Path cache, String path, String name) {
    int owner = path.lastIndexOf('/') + 1;
    return cache
        .resolve(path.substring(0, owner).replace("/", "___") + snakeCase(path.substring(owner)))
        .resolve(name == null ? "default" : name);
  }

  /** What its files' names begin with, before the split. */
  static String prefix(String path) {
    return snakeCase(path.substring(path.lastIndexOf('/') + 1)) + "-";
  }

  /** The newest version in such a folder that was written to its end. */
  static Optional<Path> newest(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(folder, 3)) {
      return files
          .filter(file -> file.toString().endsWith(".arrow"))
          .filter(file -> !file.getParent().toString().endsWith(".incomplete"))
          .max(Comparator.comparing(DatasetsCache::modified))
          .map(Path::getParent);
    } catch (IOException e) {
      throw TaskException.unreadable(folder, e);
    } catch (UncheckedIOException e) {
      throw TaskException.unreadable(folder, e.getCause());
    }
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@code camelcase_to_snakecase} of datasets 5.2. */
  private static String snakeCase(String name) {
    return name.replaceAll("([A-Z]+)([A-Z][a-z])", "$1_$2")
        .replaceAll("([a-z\\d])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }
}
