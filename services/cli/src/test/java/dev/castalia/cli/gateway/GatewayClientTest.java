package dev.castalia.cli.gateway;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class GatewayClientTest {

  @Test
  void aConnectionThatCannotBeMadeSecureIsNotTakenForAGatewayThatIsAway() throws IOException {
    try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        GatewayClient client =
            new GatewayClient(URI.create("https://localhost:" + plain.getLocalPort()))) {
      Thread.ofVirtual().start(() -> answerWithoutTls(plain));

      assertThatThrownBy(client::runs)
          .hasMessageContainingAll("no secure connection", "trustStore")
          .asInstanceOf(InstanceOfAssertFactories.type(GatewayException.class))
          .matches(refused -> !refused.passing());
    }
  }

  @Test
  void aConnectionThatDoesNotComeAboutIsNotTakenForAGatewayThatIsSlow() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        GatewayClient client =
            new GatewayClient(
                URI.create("https://localhost:" + silent.getLocalPort()),
                Optional.empty(),
                Duration.ofMillis(50))) {
      assertThatThrownBy(client::runs)
          .hasMessageContainingAll("no connection to https://localhost", "firewall")
          .asInstanceOf(InstanceOfAssertFactories.type(GatewayException.class))
          .matches(GatewayException::passing);
    }
  }

  private static void answerWithoutTls(ServerSocket server) {
    try (Socket socket = server.accept()) {
      socket.getInputStream().read();
      socket
          .getOutputStream()
          .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      // What it has not read would make closing it a reset.
      socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
