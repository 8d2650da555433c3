package dev.castalia.cli.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Hands out ports of this machine. They lie below those that Linux and macOS give to outgoing
 * connections, so that none of these takes a port between its choice and its use, or while a part
 * that died is not yet back.
 */
final class Ports {

  private static final int LOWEST = 10_000;
  private static final int HIGHEST = 32_000;
  private static final int TRIES = 1_000;

  private final Set<Integer> given = new HashSet<>();

  /** A port that was free a moment ago; never the same twice. */
  synchronized int free() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (isFree(port) && given.add(port)) {
        return port;
      }
    }
    throw new ClusterException(
        "%d ports between %d and %d were tried, and none is free"
            .formatted(TRIES, LOWEST, HIGHEST));
  }

  /** The port itself when it is free, else the next that is. */
  synchronized int freeFrom(int port) {
    for (int candidate = port; candidate < Math.min(port + 100, 65_536); candidate++) {
      if (isFree(candidate) && given.add(candidate)) {
        return candidate;
      }
    }
    return free();
  }

  private static boolean isFree(int port) {
    // Both, since macOS lets one socket have on all addresses what another has on one.
    return isFree(port, InetAddress.getLoopbackAddress()) && isFree(port, null);
  }

  private static boolean isFree(int port, InetAddress address) {
    try (ServerSocket socket = new ServerSocket(port, 1, address)) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
