package dev.castalia.cli.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Hands out ports of this machine, each to one cluster at a time. A port is taken long before its
 * part listens on it, and stays taken while a part that died is not yet back; so every port given
 * is one locked byte of a file that the user's clusters share. Free ports lie below those that
 * Linux and macOS give to outgoing connections.
 */
final class Ports implements AutoCloseable {

  private static final int LOWEST = 10_000;
  private static final int HIGHEST = 32_000;
  private static final int TRIES = 1_000;
  private static final int NEXT = 100;

  /** One for the process, never closed: closing any would release the locks of all. */
  private static final FileChannel LOCKS = locks();

  private final List<FileLock> given = new ArrayList<>();

  /** A port that nobody listens on. */
  synchronized int free() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (take(port)) {
        return port;
      }
    }
    throw new ClusterException(
        "%d ports between %d and %d were tried, and none is free"
            .formatted(TRIES, LOWEST, HIGHEST));
  }

  /** The port itself when it is free, else the next that is. */
  synchronized int freeFrom(int port) {
    for (int candidate = port; candidate < Math.min(port + NEXT, 65_536); candidate++) {
      if (take(candidate)) {
        return candidate;
      }
    }
    return free();
  }

  private boolean take(int port) {
    FileLock lock;
    try {
      lock = LOCKS.tryLock(port, 1, false);
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("Port " + port + " cannot be reserved", e);
    }
    if (lock == null) {
      return false;
    }
    // Both, since macOS lets one socket have on all addresses what another has on one.
    if (isFree(port, InetAddress.getLoopbackAddress()) && isFree(port, null)) {
      given.add(lock);
      return true;
    }
    release(lock);
    return false;
  }

  private static boolean isFree(int port, InetAddress address) {
    try (ServerSocket socket = new ServerSocket(port, 1, address)) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** Gives the ports back. */
  @Override
  public synchronized void close() {
    given.forEach(Ports::release);
    given.clear();
  }

  private static void release(FileLock lock) {
    try {
      lock.release();
    } catch (IOException e) {
      throw new UncheckedIOException("A port cannot be given back", e);
    }
  }

  private static FileChannel locks() {
    Path file =
        Path.of(
            System.getProperty("java.io.tmpdir"),
            "castalia-ports-" + System.getProperty("user.name"));
    try {
      return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException("The file that reserves ports cannot be opened", e);
    }
  }
}
