package dev.castalia.cli.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.castalia.cli.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

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
              : Files.createTempDirectory("castalia-").toRealPath();
      if (path.toString().contains(",")) {
        throw new ClusterException(
            "The data folder %s has a comma in its name, which Kafka would take for two folders: give another --data"
                .formatted(path));
      }
      FileChannel channel = lock(path);
      Files.createDirectories(path.resolve("logs"));
      return new DataFolder(path, kept.isEmpty(), channel);
    } catch (FileAlreadyExistsException e) {
      throw new ClusterException(e.getFile() + " is not a folder: give another --data", e);
    } catch (IOException e) {
      throw new ClusterException(
          "The data folder %s cannot be used: %s; give another --data"
              .formatted(kept.map(Path::toString).orElse("of this run"), e),
          e);
    }
  }

  /** Takes the lock and leaves in it which process has it. */
  private static FileChannel lock(Path path) throws IOException {
    Path file = path.resolve("lock");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!tryLock(channel)) {
      channel.close();
      throw new ClusterException(
          "Another Castalia, process %s, runs on the data folder %s: stop it, or give another --data"
              .formatted(Files.readString(file).strip(), path));
    }
    channel.truncate(0);
    channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(UTF_8)));
    return channel;
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  Path resolve(String name) {
    return path.resolve(name);
  }

  @Override
  public void close() {
    try {
      channel.close();
      if (temporary) {
        Folders.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The data folder " + path + " could not be closed", e);
    }
  }
}
