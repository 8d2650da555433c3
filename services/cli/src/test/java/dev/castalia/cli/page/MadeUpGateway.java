package dev.castalia.cli.page;

import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.castalia.cli.cluster.Installation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Stands in the gateway's place before a page: its files are the real ones; what they ask for, and
 * the events, a test makes up.
 */
final class MadeUpGateway implements AutoCloseable {

  private static final String API = "/api/v1/";

  private static final Path FILES =
      Installation.find().root().resolve("services/gateway/target/classes/META-INF/resources");

  /** A connection that begins without any rows. */
  private static final String EVENTS =
      """
      window.EventSource = class extends EventTarget {
        static CLOSED = 2;
        readyState = 1;
        constructor(address) {
          super();
          window.source = this;
          (window.watched ??= []).push(decodeURIComponent(address));
          queueMicrotask(() => ['open', 'reset', 'ready'].forEach(it => this.dispatchEvent(new MessageEvent(it))));
        }
        close() {}
      };""";

  private final HttpServer server;
  private final Map<String, UnaryOperator<String>> answers = new ConcurrentHashMap<>();
  private final Page page;

  MadeUpGateway(Page page) {
    this.page = page;
    page.addInitScript(EVENTS);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException("no free port", e);
    }
    server.createContext("/", MadeUpGateway::file);
    server.createContext(API, this::answer);
    server.start();
  }

  /** The page's view at that address, with all that it asked for. */
  void open(String view) {
    page.navigate("http://localhost:" + server.getAddress().getPort() + view);
    page.locator("main > [aria-busy=false]").waitFor();
  }

  /** Answers what is asked for at that place, whatever the parameters. */
  void answer(String place, String json) {
    answer(place, address -> json);
  }

  /**
   * @param json what is answered, by the address
   */
  void answer(String place, UnaryOperator<String> json) {
    answers.put(place, json);
  }

  void forgetAnswers() {
    answers.clear();
  }

  /** Tells that a score has come. */
  void scored() {
    tell("change", "{\"topic\": \"scorecards\", \"rows\": [{\"key\": \"any\"}]}");
  }

  /** Tells all rows that there are, of one topic alone. */
  void tellAll(String topic, String... rows) {
    tell("reset", "{}");
    tell(
        "snapshot", "{\"topic\": \"%s\", \"rows\": [%s]}".formatted(topic, String.join(",", rows)));
    tell("ready", "{}");
  }

  /** The addresses at which the page has asked for events since it was opened. */
  List<String> watched() {
    return ((List<?>) page.evaluate("watched")).stream().map(String::valueOf).toList();
  }

  /** From now on connections for events begin with nothing. */
  void holdBack() {
    page.evaluate("queueMicrotask = () => {}");
  }

  /** Sends one event. */
  void tell(String event, String json) {
    page.evaluate(
        "([event, data]) => source.dispatchEvent(new MessageEvent(event, { data }))",
        List.of(event, json));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String place = exchange.getRequestURI().getPath().substring(API.length());
    UnaryOperator<String> json = answers.get(place);
    String body =
        json == null
            ? "{\"detail\": \"the test has no answer to %s\"}".formatted(place)
            : json.apply(exchange.getRequestURI().toString());
    send(
        exchange,
        json == null ? 501 : 200,
        "application/json",
        body.getBytes(StandardCharsets.UTF_8));
  }

  /** To be kept, so that the next view loads fast. */
  private static void file(HttpExchange exchange) throws IOException {
    Path asked = FILES.resolve(exchange.getRequestURI().getPath().substring(1));
    Path file = Files.isRegularFile(asked) ? asked : FILES.resolve("index.html");
    exchange.getResponseHeaders().add("Cache-Control", "max-age=600");
    send(
        exchange,
        200,
        URLConnection.guessContentTypeFromName(file.toString()),
        Files.readAllBytes(file));
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().add("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
