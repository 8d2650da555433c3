package dev.castalia.scoring.source;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Which snapshots are in use, by whatever process: a process holds a shared lock of a file for each
 * that one of its threads uses.
 */
final class HubHolds {

  /** Closing any channel of a file lets go of all its locks, and so there is one for a process. */
  private static final Map<Path, Hold> HELD = new HashMap<>();

  private HubHolds() {}

  private static final class Hold {
    private final FileChannel channel;
    private int users;

    Hold(FileChannel channel) {
      this.channel = channel;
    }
  }

  /**
   * Holds it until closed.
   *
   * @param file the lock's
   */
  static Runnable hold(Path file) throws IOException {
    Path key = file.toAbsolutePath().normalize();
    synchronized (HELD) {
      Hold hold = HELD.get(key);
      if (hold == null) {
        hold = new Hold(open(key));
        try {
          hold.channel.lock(0, Long.MAX_VALUE, true);
        } catch (IOException e) {
          hold.channel.close();
          throw e;
        }
        HELD.put(key, hold);
      }
      hold.users++;
    }
    return () -> letGo(key);
  }

  private static void letGo(Path key) {
    synchronized (HELD) {
      Hold hold = HELD.get(key);
      hold.users--;
      if (hold.users == 0) {
        HELD.remove(key);
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
    Path key = file.toAbsolutePath().normalize();
    synchronized (HELD) {
      if (HELD.containsKey(key)) {
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

  private static FileChannel open(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }
}
