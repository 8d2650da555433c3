package dev.castalia.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;

/** What an event fails with whose schema is asked for while the registry is in trouble. */
class RegistryOutageTest {

  private static final byte[] EVENT = {0, 0, 0, 0, 7, 1, 2};

  @Test
  void aRegistryThatClosesTheConnectionBeforeItAnswersIsAway() throws Exception {
    assertThat(RegistryOutage.isBehind(failureOf(false))).isTrue();
  }

  @Test
  void aRegistryWhoseProcessDiesBeforeItAnswersIsAway() throws Exception {
    assertThat(RegistryOutage.isBehind(failureOf(true))).isTrue();
  }

  @Test
  void aRegistryThatIsNotThereIsAway() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }

    assertThat(RegistryOutage.isBehind(failure(port))).isTrue();
  }

  @Test
  void whatAvroCannotReadIsNoOutage() {
    assertThat(RegistryOutage.isBehind(new IllegalStateException(new IOException("Invalid int"))))
        .isFalse();
  }

  /** By a registry that takes a request and leaves, with a reset or without. */
  private static Throwable failureOf(boolean reset) throws IOException {
    try (ServerSocket registry = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> leave(registry, reset));
      return failure(registry.getLocalPort());
    }
  }

  private static void leave(ServerSocket registry, boolean reset) {
    while (true) {
      try (Socket connection = registry.accept()) {
        assertThat(connection.getInputStream().read()).isPositive();
        if (reset) {
          connection.setSoLinger(true, 0);
        } else {
          connection.getInputStream().skipNBytes(connection.getInputStream().available());
        }
      } catch (IOException e) {
        return;
      }
    }
  }

  private static Throwable failure(int port) {
    EventSerdes serdes = new EventSerdes("http://localhost:%d/apis/registry/v3".formatted(port));
    try (Deserializer<SpecificRecord> deserializer = serdes.deserializer()) {
      return catchThrowable(() -> deserializer.deserialize(Topic.SWEEPS.topicName(), EVENT));
    }
  }
}
