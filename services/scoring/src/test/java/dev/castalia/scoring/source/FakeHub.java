package dev.castalia.scoring.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * A hub with one repository, {@code org/model}, whose revision {@code step1000} is {@link #COMMIT}.
 * Files that end in .bin are large: they come from another server, to which the hub redirects. Both
 * do as told, good or bad.
 */
final class FakeHub implements AutoCloseable {

  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  /** What a server does with the next request for a large file's bytes. */
  sealed interface Misdeed {
    /** Promises all and closes after half. */
    record Truncates() implements Misdeed {}

    /** Sends half and then nothing. */
    record Stalls() implements Misdeed {}

    /** Says that half is all. */
    record SaysItIsShorter() implements Misdeed {}

    /** Goes on past the end. */
    record GoesOn() implements Misdeed {}

    record Corrupts() implements Misdeed {}

    /** Sends from the beginning, as if no range had been asked for. */
    record IgnoresTheRange() implements Misdeed {}

    record Answers(int status, String retryAfter) implements Misdeed {}
  }

  /** A request that came. */
  record Seen(String server, String method, String path, String authorization, String range) {}

  final Map<String, byte[]> files = new TreeMap<>();
  final Queue<Misdeed> misdeeds = new ConcurrentLinkedQueue<>();
  final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
  volatile int apiStatus = 200;
  private final HttpServer hub;
  private final HttpServer storage;
  private final CountDownLatch closed = new CountDownLatch(1);

  FakeHub() throws IOException {
    hub = server("hub");
    storage = server("storage");
  }

  private HttpServer server(String name) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory()));
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            seen.add(
                new Seen(
                    name,
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    exchange.getRequestHeaders().getFirst("Range")));
            answer(name, exchange);
          }
        });
    server.start();
    return server;
  }

  URI address() {
    return address(hub);
  }

  private static URI address(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  List<Seen> seen(String server, String method) {
    return seen.stream()
        .filter(it -> it.server().equals(server) && it.method().equals(method))
        .toList();
  }

  private void answer(String server, HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (path.startsWith("/api/")) {
      api(exchange, path);
    } else if (!path.startsWith("/org/model/resolve/" + COMMIT + "/") || !files.containsKey(name)) {
      exchange.sendResponseHeaders(404, -1);
    } else if (server.equals("storage")) {
      large(exchange, files.get(name));
    } else {
      file(exchange, path, name);
    }
  }

  private void api(HttpExchange exchange, String path) throws IOException {
    if (apiStatus != 200) {
      exchange.sendResponseHeaders(apiStatus, -1);
    } else if (path.equals("/api/models/org/model/revision/step1000")
        || path.equals("/api/models/org/model/revision/" + COMMIT)) {
      json(
          exchange,
          "{\"sha\": \"%s\", \"siblings\": [%s]}"
              .formatted(
                  COMMIT,
                  files.keySet().stream()
                      .map("{\"rfilename\": \"%s\"}"::formatted)
                      .collect(Collectors.joining(","))));
    } else if (path.equals("/api/models/org/model/refs")) {
      json(
          exchange,
          """
          {"branches": [{"name": "step1000", "ref": "refs/heads/step1000", "targetCommit": "%s"}],
           "converts": [], "tags": [{"name": "v1", "ref": "refs/tags/v1", "targetCommit": "%s"}]}"""
              .formatted(COMMIT, COMMIT));
    } else {
      exchange.sendResponseHeaders(404, -1);
    }
  }

  private static void json(HttpExchange exchange, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private void file(HttpExchange exchange, String path, String name) throws IOException {
    byte[] bytes = files.get(name);
    exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
    if (name.endsWith(".bin")) {
      exchange.getResponseHeaders().set("X-Linked-Etag", '"' + hash("SHA-256", bytes) + '"');
      exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(bytes.length));
      exchange.getResponseHeaders().set("Location", address(storage) + path);
      exchange.sendResponseHeaders(302, -1);
      return;
    }
    byte[] blob = ("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(blob, blob.length + bytes.length);
    System.arraycopy(bytes, 0, all, blob.length, bytes.length);
    exchange.getResponseHeaders().set("ETag", '"' + hash("SHA-1", all) + '"');
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(bytes.length));
      exchange.sendResponseHeaders(200, -1);
    } else {
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private void large(HttpExchange exchange, byte[] bytes) throws IOException {
    Misdeed misdeed = misdeeds.poll();
    if (misdeed instanceof Misdeed.Answers(int status, String retryAfter)) {
      if (retryAfter != null) {
        exchange.getResponseHeaders().set("Retry-After", retryAfter);
      }
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from =
        range == null || misdeed instanceof Misdeed.IgnoresTheRange
            ? 0
            : Integer.parseInt(range.replaceAll("\\D", ""));
    byte[] rest = Arrays.copyOfRange(bytes, from, bytes.length);
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(from, bytes.length - 1, bytes.length));
    }
    int status = from > 0 ? 206 : 200;
    switch (misdeed) {
      case Misdeed.Truncates _ -> {
        exchange.sendResponseHeaders(status, rest.length);
        exchange.getResponseBody().write(rest, 0, rest.length / 2);
        exchange.getResponseBody().flush();
      }
      case Misdeed.Stalls _ -> {
        exchange.sendResponseHeaders(status, rest.length);
        exchange.getResponseBody().write(rest, 0, rest.length / 2);
        exchange.getResponseBody().flush();
        awaitClose();
      }
      case Misdeed.SaysItIsShorter _ -> {
        exchange.sendResponseHeaders(status, rest.length / 2);
        exchange.getResponseBody().write(rest, 0, rest.length / 2);
      }
      case Misdeed.GoesOn _ -> {
        exchange.sendResponseHeaders(status, 0);
        exchange.getResponseBody().write(rest);
        exchange.getResponseBody().write(new byte[1000]);
      }
      case Misdeed.Corrupts _ -> {
        exchange.sendResponseHeaders(status, rest.length);
        rest[rest.length / 2] ^= 1;
        exchange.getResponseBody().write(rest);
      }
      case null, default -> {
        exchange.sendResponseHeaders(status, rest.length);
        exchange.getResponseBody().write(rest);
      }
    }
  }

  private void awaitClose() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static String hash(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    hub.stop(0);
    storage.stop(0);
  }
}
