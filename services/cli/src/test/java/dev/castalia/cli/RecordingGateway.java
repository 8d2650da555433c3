package dev.castalia.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server on a free port of the loopback interface that answers as it was told to, and remembers
 * what it was asked. Of several answers to one request the last is repeated.
 */
public final class RecordingGateway implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What was asked; body is empty for none, and the key null. */
  public record Asked(String method, String pathAndQuery, String body, String apiKey) {

    public JsonNode json() {
      return RecordingGateway.json(body);
    }
  }

  private record Answer(int status, String type, String body) {}

  private final HttpServer server;
  private final Map<String, Deque<Answer>> answers = new HashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  public RecordingGateway() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException("no free port", e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  /**
   * @param request method, space, and path under /api/v1 without query
   */
  public RecordingGateway answers(String request, String json) {
    return answers(request, 200, "application/json", json);
  }

  /** With 429, as asked too often: for a minute. */
  public RecordingGateway refuses(String request, int status, String detail) {
    return answers(
        request,
        status,
        "application/problem+json",
        """
        {"type": "urn:castalia:problem:test", "title": "Test", "status": %d, "detail": "%s"}\
        """
            .formatted(status, detail));
  }

  public synchronized RecordingGateway answers(
      String request, int status, String type, String body) {
    answers.computeIfAbsent(request, key -> new ArrayDeque<>()).add(new Answer(status, type, body));
    return this;
  }

  /** Takes back what it was told to answer. */
  public synchronized RecordingGateway forgets(String request) {
    answers.remove(request);
    return this;
  }

  public String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  public List<Asked> asked() {
    return List.copyOf(asked);
  }

  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(
        new Asked(
            method,
            exchange.getRequestURI().toString(),
            body,
            exchange.getRequestHeaders().getFirst("X-API-Key")));
    Answer answer = next(method + " " + exchange.getRequestURI().getPath());
    byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", answer.type);
    if (answer.status == 429) {
      exchange.getResponseHeaders().add("Retry-After", "60");
    }
    exchange.sendResponseHeaders(answer.status, bytes.length);
    try (exchange) {
      exchange.getResponseBody().write(bytes);
    }
  }

  private synchronized Answer next(String request) {
    Deque<Answer> left = answers.get(request.replace(" /api/v1/", " /"));
    if (left == null) {
      return new Answer(501, "text/plain", "the test has no answer to " + request);
    }
    return left.size() > 1 ? left.pop() : left.peek();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
