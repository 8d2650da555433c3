package dev.castalia.cli.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a cluster keeps its data: a folder that one cluster at a time has, or a temporary one. */
final class DataFolder implements AutoCloseable {

  private final Path path;
  private final boolean temporary;
  private final FileChannel channel;

  private DataFolder(Path path, boolean temporary, FileChannel channel) {
    this.path = path;
    this.temporary = temporary;
    this.channel = channel;
  }

  /**
   * @param kept the folder that outlives the cluster; empty for a temporary one
   * @throws ClusterException if another cluster runs on the folder
   */
  static DataFolder open(Optional<Path> kept) {
    try {
      Path path =
          kept.isPresent()
              ? Files.createDirectories(kept.get()).toRealPath()
              : Files.createTempDirectory("castalia");
      FileChannel channel =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      lock(path, channel);
      Files.createDirectories(path.resolve("logs"));
      return new DataFolder(path, kept.isEmpty(), channel);
    } catch (IOException e) {
      throw new ClusterException(
          "The data folder " + kept.map(Path::toString).orElse("") + " cannot be used: " + e, e);
    }
  }

  private static void lock(Path path, FileChannel channel) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw new ClusterException(
          "Another Castalia runs on the data folder " + path + ": stop it, or give another --data",
          null);
    }
  }

  Path resolve(String name) {
    return path.resolve(name);
  }

  boolean isKept() {
    return !temporary;
  }

  @Override
  public void close() {
    try {
      channel.close();
      if (temporary) {
        delete();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The data folder " + path + " could not be closed", e);
    }
  }

  private void delete() throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(one);
      }
    }
  }
}
