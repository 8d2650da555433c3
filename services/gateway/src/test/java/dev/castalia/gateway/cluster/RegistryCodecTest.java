package dev.castalia.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import dev.castalia.gateway.cluster.EventCodec.RegistryUnavailableException;
import dev.castalia.gateway.support.Events;
import dev.castalia.schemas.Topic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistryCodecTest {

  private HttpServer registry;
  private RegistryCodec codec;

  @BeforeEach
  void startRegistryWithoutSchemas() throws IOException {
    registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    registry.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    registry.start();
    codec =
        new RegistryCodec(
            "http://localhost:%d/apis/registry/v3".formatted(registry.getAddress().getPort()));
  }

  @AfterEach
  void close() {
    codec.close();
    registry.stop(0);
  }

  @Test
  void aRegistryThatIsGoneIsUnavailable() {
    registry.stop(0);

    assertThatExceptionOfType(RegistryUnavailableException.class).isThrownBy(this::encode);
  }

  @Test
  void aRegistryThatAnswersIsNotUnavailableWhateverItSays() {
    assertThat(catchThrowable(this::encode))
        .isInstanceOf(RuntimeException.class)
        .isNotInstanceOf(RegistryUnavailableException.class);
  }

  private void encode() throws RegistryUnavailableException {
    codec.encode(Topic.CHECKPOINTS, Events.checkpoint("nano-74k", 1));
  }
}
