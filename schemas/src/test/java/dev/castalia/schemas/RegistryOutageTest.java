package dev.castalia.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.castalia.events.SweepCancelled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;

/** What an event fails with whose schema is asked for while the registry is in trouble. */
class RegistryOutageTest {

  private static final String TOPIC = Topic.SWEEPS.topicName();
  private static final byte[] BYTES = {0, 0, 0, 0, 7, 1, 2};
  private static final SweepCancelled EVENT = new SweepCancelled("s", "somebody", Instant.EPOCH);

  @Test
  void aRegistryThatClosesTheConnectionBeforeItAnswersIsAway() throws IOException {
    try (LeavingRegistry registry = new LeavingRegistry(false)) {
      assertThat(RegistryOutage.isBehind(readingFailure(registry.port()))).isTrue();
    }
  }

  @Test
  void aRegistryWhoseProcessDiesBeforeItAnswersIsAway() throws IOException {
    try (LeavingRegistry registry = new LeavingRegistry(true)) {
      assertThat(RegistryOutage.isBehind(readingFailure(registry.port()))).isTrue();
    }
  }

  @Test
  void aRegistryThatIsNotThereIsAway() throws IOException {
    int port;
    try (LeavingRegistry registry = new LeavingRegistry(false)) {
      port = registry.port();
    }

    assertThat(RegistryOutage.isBehind(readingFailure(port))).isTrue();
  }

  @Test
  void whatAvroCannotReadIsNoOutage() {
    assertThat(RegistryOutage.isBehind(new IllegalStateException(new IOException("Invalid int"))))
        .isFalse();
  }

  @Test
  void aRegistryThatClosesTheConnectionIsAskedOnceMoreForWhatIsRead() throws IOException {
    try (LeavingRegistry registry = new LeavingRegistry(false)) {
      readingFailure(registry.port());

      assertThat(registry.requests).hasValue(2);
    }
  }

  @Test
  void aRegistryThatClosesTheConnectionIsAskedOnceMoreForWhatIsWritten() throws IOException {
    try (LeavingRegistry registry = new LeavingRegistry(false);
        Serializer<SpecificRecord> serializer = serdes(registry.port()).serializer()) {
      Throwable failure = catchThrowable(() -> serializer.serialize(TOPIC, EVENT));

      assertThat(RegistryOutage.isBehind(failure)).isTrue();
      assertThat(registry.requests).hasValue(2);
    }
  }

  private static Throwable readingFailure(int port) {
    try (Deserializer<SpecificRecord> deserializer = serdes(port).deserializer()) {
      return catchThrowable(() -> deserializer.deserialize(TOPIC, BYTES));
    }
  }

  private static EventSerdes serdes(int port) {
    return new EventSerdes("http://localhost:%d/apis/registry/v3".formatted(port));
  }

  /** Takes requests and closes the connection, with a reset or without. */
  private static final class LeavingRegistry implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final boolean reset;
    private final AtomicInteger requests = new AtomicInteger();

    LeavingRegistry(boolean reset) throws IOException {
      this.reset = reset;
      Thread.ofVirtual().start(this::leaveEach);
    }

    int port() {
      return socket.getLocalPort();
    }

    private void leaveEach() {
      while (true) {
        try (Socket connection = socket.accept()) {
          connection.getInputStream().read();
          requests.incrementAndGet();
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

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
