package dev.castalia.cli.follow;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The folders under a root, and when something in them changes. For one thread. What is told is
 * that something changed and not what: events may be lost, and of network disks there are none.
 */
final class FolderWatch implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(FolderWatch.class.getName());
  private static final int DEPTH = 8;

  private final Path root;
  private final WatchService service;
  private final Map<Path, WatchKey> watched = new HashMap<>();

  FolderWatch(Path root) throws IOException {
    this.root = root;
    this.service = root.getFileSystem().newWatchService();
  }

  /** The folders there are now that are wanted, from now on watched as all others are. */
  List<Path> folders(Predicate<Path> wanted) throws IOException {
    List<Path> found = new ArrayList<>();
    watched.values().removeIf(key -> !key.isValid());
    Files.walkFileTree(
        root,
        Set.of(),
        DEPTH,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (!folder.equals(root) && folder.getFileName().toString().startsWith(".")) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            watch(folder);
            if (!folder.equals(root) && wanted.test(folder)) {
              found.add(folder);
              return FileVisitResult.SKIP_SUBTREE;
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            // It went, or may not be read: another look finds it again if it matters.
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  /** Where the system watches no more folders, or this one has gone, the next look must do. */
  private void watch(Path folder) {
    if (!watched.containsKey(folder)) {
      try {
        watched.put(
            folder,
            folder.register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE));
      } catch (IOException e) {
        LOG.log(Level.FINE, folder + " is not watched", e);
      }
    }
  }

  /** Returns when something changed, or the time is over. */
  void await(Duration time) throws InterruptedException {
    WatchKey changed = service.poll(time.toMillis(), TimeUnit.MILLISECONDS);
    while (changed != null) {
      changed.pollEvents();
      changed.reset();
      changed = service.poll();
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
