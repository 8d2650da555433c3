package dev.castalia.cli.follow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a checkpoint's folder holds, as far as it can be seen without reading the files. */
record Snapshot(Map<Path, State> files) {

  private record State(long size, FileTime modified, Object key) {}

  /**
   * @throws IOException also when a file goes while it is looked at
   */
  static Snapshot of(Path folder) throws IOException {
    Map<Path, State> files = new TreeMap<>();
    try (Stream<Path> inside = Files.list(folder)) {
      for (Path file : (Iterable<Path>) inside::iterator) {
        BasicFileAttributes attributes = attributes(file);
        files.put(
            file.getFileName(),
            new State(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey()));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return new Snapshot(files);
  }

  /** Of a link that leads nowhere, its own. */
  private static BasicFileAttributes attributes(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class);
    } catch (IOException e) {
      return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
  }

  boolean isEmpty() {
    return files.isEmpty();
  }
}
