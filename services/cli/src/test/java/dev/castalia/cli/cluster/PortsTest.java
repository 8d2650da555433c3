package dev.castalia.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PortsTest {

  private final Ports ports = new Ports();

  @AfterEach
  void giveBack() {
    ports.close();
  }

  @Test
  void noPortIsGivenTwice() {
    assertThat(IntStream.range(0, 200).map(i -> ports.free())).doesNotHaveDuplicates();
  }

  @Test
  void theWantedPortIsGivenWhenItIsFree() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    assertThat(ports.freeFrom(free)).isEqualTo(free);
  }

  @Test
  void aPortIsNotGivenToTwoClustersThoughNobodyListensOnItYet() {
    int port = ports.free();
    try (Ports others = new Ports()) {
      assertThat(others.freeFrom(port)).isNotEqualTo(port);
    }
  }

  @Test
  void aPortGivenBackIsGivenAgain() {
    int port;
    try (Ports others = new Ports()) {
      port = others.free();
    }
    assertThat(ports.freeFrom(port)).isEqualTo(port);
  }

  @Test
  void anotherPortIsGivenWhenTheWantedOneIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      assertThat(ports.freeFrom(taken.getLocalPort())).isNotEqualTo(taken.getLocalPort());
    }
  }

  @Test
  void aPortTakenOnLoopbackAloneIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(ports.freeFrom(taken.getLocalPort())).isNotEqualTo(taken.getLocalPort());
    }
  }
}
