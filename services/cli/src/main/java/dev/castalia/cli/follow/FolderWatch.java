package dev.castalia.cli.follow;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitOption;
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
import java.util.stream.StreamSupport;

/**
 * The folders under a root, and when something in them changes. For one thread. Links are followed,
 * and what is behind them is named as it is reached from the root. What is told is that something
 * changed and not what: events may be lost, and of network disks there are none.
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
        Set.of(FileVisitOption.FOLLOW_LINKS),
        DEPTH,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (folder.equals(root)) {
              watch(folder);
              return FileVisitResult.CONTINUE;
            }
            boolean isWanted = wanted.test(folder);
            if (isHidden(folder.getFileName()) || !isWanted && isSecondWay(folder)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            watch(folder);
            if (isWanted) {
              found.add(folder);
            }
            return isWanted ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            if (failure instanceof AccessDeniedException && wanted.test(file)) {
              found.add(file);
            }
            // Or it went, or leads back to where it is: if it matters, another look finds it again.
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  /**
   * Whether it is a link to what is found without it, as a run's 'latest' is, or to a folder that
   * the root is in.
   */
  private boolean isSecondWay(Path folder) {
    if (!Files.isSymbolicLink(folder)) {
      return false;
    }
    Path start;
    Path end;
    try {
      start = root.toRealPath();
      end = folder.toRealPath();
    } catch (IOException e) {
      // It went: there is nothing behind it now.
      return true;
    }
    return start.startsWith(end)
        || end.startsWith(start)
            && StreamSupport.stream(start.relativize(end).spliterator(), false)
                .noneMatch(FolderWatch::isHidden);
  }

  private static boolean isHidden(Path name) {
    return name.toString().startsWith(".");
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
