package dev.castalia.cli.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A reader of scorecards as events, who may be slow: nothing is read before it is told to. */
final class EventReader implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SMALL_BUFFER = 16_384;

  private final Socket socket = new Socket();
  private final Map<String, Double> values = new ConcurrentHashMap<>();
  private volatile long bytes;

  EventReader(URI gateway, String task) throws IOException {
    connect(gateway, task);
  }

  /** One whose machine takes little before it is read. */
  static EventReader withSmallBuffer(URI gateway, String task) throws IOException {
    return new EventReader(gateway, task, SMALL_BUFFER);
  }

  private EventReader(URI gateway, String task, int buffer) throws IOException {
    socket.setReceiveBufferSize(buffer);
    connect(gateway, task);
  }

  private void connect(URI gateway, String task) throws IOException {
    socket.connect(new java.net.InetSocketAddress(gateway.getHost(), gateway.getPort()));
    String request =
        "GET /api/v1/events?topics=scorecards&task=%s HTTP/1.1\r\nHost: %s\r\nAccept: text/event-stream\r\n\r\n"
            .formatted(task, gateway.getAuthority());
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads from now on. */
  EventReader read() {
    Thread.ofVirtual().start(this::run);
    return this;
  }

  /** The latest value of each key that was told. */
  Map<String, Double> values() {
    return values;
  }

  /** Characters of events read. */
  long bytes() {
    return bytes;
  }

  private void run() {
    try (InputStream in = socket.getInputStream();
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        bytes += line.length();
        if (line.startsWith("data:{\"topic\"")) {
          take(JSON.readTree(line.substring(5)));
        }
      }
    } catch (IOException e) {
      if (!socket.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void take(JsonNode data) {
    for (JsonNode row : data.get("rows")) {
      values.put(row.get("key").asText(), row.at("/value/metrics/acc/value").asDouble());
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
