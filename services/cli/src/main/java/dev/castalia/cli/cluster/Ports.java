package dev.castalia.cli.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports of this machine. */
final class Ports {

  private Ports() {}

  /** A port that was free a moment ago. */
  static int free() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("No port of this machine is free", e);
    }
  }

  /** The port itself when it is free, else the next that is. */
  static int freeFrom(int port) {
    for (int candidate = port; candidate < Math.min(port + 100, 65536); candidate++) {
      try (ServerSocket socket = new ServerSocket(candidate)) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Taken; the next one may not be.
      }
    }
    return free();
  }
}
