package dev.castalia.scoring.source;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which snapshots are in use, by whatever process: a process holds a shared lock of a file for each
 * that one of its threads uses.
 */
final class HubHolds {

  /** Whoever waits for one of them, or for its lock, is in the way of nobody who wants another. */
  private static final Map<Path, Hold> HOLDS = new ConcurrentHashMap<>();

  private HubHolds() {}

  /** That of a process on a snapshot, if it has users. Guarded by itself. */
  private static final class Hold {

    /** Closing any channel of a file lets go of all its locks, and so there is one. */
    private FileChannel channel;

    private int users;
  }

  /**
   * Holds it until closed.
   *
   * @param file the lock's
   */
  static Runnable hold(Path file) throws IOException {
    Path key = key(file);
    Hold hold = of(key);
    synchronized (hold) {
      if (hold.users == 0) {
        hold.channel = open(key);
        try {
          hold.channel.lock(0, Long.MAX_VALUE, true);
        } catch (IOException e) {
          hold.channel.close();
          throw e;
        }
      }
      hold.users++;
    }
    return () -> letGo(hold);
  }

  private static void letGo(Hold hold) {
    synchronized (hold) {
      hold.users--;
      if (hold.users == 0) {
        try {
          hold.channel.close();
        } catch (IOException e) {
          throw new IllegalStateException("closing what was only locked does not fail", e);
        }
      }
    }
  }

  /**
   * Does something while nobody uses it.
   *
   * @return whether it was done; not if somebody uses it
   */
  static boolean unlessHeld(Path file, HubCache.Exclusively action) throws IOException {
    Path key = key(file);
    Hold hold = of(key);
    synchronized (hold) {
      if (hold.users > 0) {
        return false;
      }
      try (FileChannel channel = open(key);
          FileLock lock = channel.tryLock()) {
        if (lock != null) {
          action.run();
        }
        return lock != null;
      }
    }
  }

  private static Path key(Path file) {
    return file.toAbsolutePath().normalize();
  }

  private static Hold of(Path key) {
    return HOLDS.computeIfAbsent(key, _ -> new Hold());
  }

  private static FileChannel open(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }
}
