package dev.castalia.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.events.SweepCancelled;
import dev.castalia.gateway.cluster.EventCodec.RegistryUnavailableException;
import dev.castalia.schemas.Topic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RegistryCodecTest {

  private static final SweepCancelled EVENT = new SweepCancelled("s", "somebody", Instant.EPOCH);

  @Test
  void anEventIsTriedOnceMoreWhenTheRegistryClosesTheConnection() throws IOException {
    AtomicInteger requests = new AtomicInteger();
    try (ServerSocket registry = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> closeEach(registry, requests));
      RegistryCodec codec =
          new RegistryCodec(
              "http://localhost:%d/apis/registry/v3".formatted(registry.getLocalPort()));

      assertThatThrownBy(() -> codec.encode(Topic.SWEEPS, EVENT))
          .isInstanceOf(RegistryUnavailableException.class);
      codec.close();
    }

    assertThat(requests).hasValue(2);
  }

  private static void closeEach(ServerSocket registry, AtomicInteger requests) {
    while (true) {
      try (Socket connection = registry.accept()) {
        assertThat(connection.getInputStream().read()).isPositive();
        connection.getInputStream().skipNBytes(connection.getInputStream().available());
        requests.incrementAndGet();
      } catch (IOException e) {
        return;
      }
    }
  }
}
