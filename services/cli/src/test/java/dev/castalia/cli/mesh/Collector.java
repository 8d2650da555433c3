package dev.castalia.cli.mesh;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Where services send their spans, kept as they came: protocol buffers, with names as text. */
final class Collector implements AutoCloseable {

  private final HttpServer server;
  private final List<String> received = new CopyOnWriteArrayList<>();

  private Collector(HttpServer server) {
    this.server = server;
  }

  static Collector start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      Collector collector = new Collector(server);
      server.createContext(
          "/v1/traces",
          exchange -> {
            collector.received.add(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      server.start();
      return collector;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** What a service must be told to send here. */
  Map<String, String> settings() {
    return Map.of(
        "quarkus.otel.sdk.disabled",
        "false",
        "quarkus.otel.exporter.otlp.traces.protocol",
        "http/protobuf",
        "quarkus.otel.exporter.otlp.traces.endpoint",
        "http://localhost:" + server.getAddress().getPort(),
        "quarkus.otel.bsp.schedule.delay",
        "200ms");
  }

  /** All that came with spans of that trace. */
  String spansOf(String trace) {
    String id = new String(HexFormat.of().parseHex(trace), StandardCharsets.ISO_8859_1);
    return received.stream().filter(it -> it.contains(id)).collect(Collectors.joining());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
