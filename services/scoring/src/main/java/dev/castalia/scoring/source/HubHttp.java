package dev.castalia.scoring.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.SmallJson;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;

/**
 * Requests to the hub: with the token to its own host alone, redirects followed by hand, and what
 * may pass (429, 5xx, a broken connection) tried again after a while. Thread-safe.
 */
final class HubHttp {

  private static final int ATTEMPTS = 6;
  private static final int REDIRECTS = 5;
  private static final int MAX_JSON = 16_000_000;
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
  private static final Duration LONGEST_ASKED_WAIT = Duration.ofMinutes(5);
  private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);
  private static final SmallJson JSON = new SmallJson();

  private final HubSettings settings;
  private HttpClient client;

  HubHttp(HubSettings settings) {
    this.settings = settings;
  }

  /** Made when it is first needed: that takes some tenths of a second, and most ask no hub. */
  private synchronized HttpClient client() {
    if (client == null) {
      client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(settings.patience())
              .build();
    }
    return client;
  }

  /** One attempt at something; it may fail in passing. */
  interface Attempt<T> {
    /**
     * @throws Again if it is worth another attempt
     */
    T make() throws Again, IOException;
  }

  /** Why another attempt is worth while. */
  static final class Again extends Exception {
    private final Optional<Duration> after;
    private final boolean progress;

    /**
     * @param progress whether this attempt brought something, so that it does not count
     */
    Again(String why, Optional<Duration> after, boolean progress) {
      super(why);
      this.after = after;
      this.progress = progress;
    }
  }

  /**
   * Makes attempts until one succeeds.
   *
   * @throws CheckpointException passing, when too many failed
   */
  <T> T persist(String what, Attempt<T> attempt) {
    Duration wait = settings.backOff();
    String why = "";
    int failed = 0;
    while (failed < ATTEMPTS) {
      Optional<Duration> asked = Optional.empty();
      try {
        return attempt.make();
      } catch (Again e) {
        why = e.getMessage();
        asked = e.after;
        failed = e.progress ? 0 : failed + 1;
      } catch (IOException e) {
        why = e.toString();
        failed++;
      }
      if (failed < ATTEMPTS) {
        pause(asked.orElse(wait));
        wait = min(wait.multipliedBy(2), LONGEST_WAIT);
      }
    }
    throw CheckpointException.passing(
        "%s: cannot be fetched from %s (%s, %d times); check the network, or HF_ENDPOINT"
            .formatted(what, settings.endpoint(), why, ATTEMPTS));
  }

  /** An answer's JSON. */
  JsonNode json(String what, String path) {
    return persist(
        what,
        () -> {
          HttpResponse<InputStream> response = send(what, "GET", address(path), 0);
          try (InputStream body = response.body()) {
            byte[] bytes = body.readNBytes(MAX_JSON + 1);
            if (bytes.length > MAX_JSON) {
              throw new CheckpointException(what + ": the hub's answer is too long to be right");
            }
            return JSON.read(what, bytes, JsonNode.class);
          } catch (JsonProcessingException e) {
            throw new Again("an answer that is not JSON", Optional.empty(), false);
          }
        });
  }

  URI address(String path) {
    return URI.create(settings.endpoint() + path);
  }

  /** The headers of a file: those of the hub itself, not of where it sends to for the bytes. */
  HttpResponse<InputStream> head(String what, URI address) throws Again, IOException {
    URI next = address;
    for (int i = 0; i <= REDIRECTS; i++) {
      HttpResponse<InputStream> response = exchange("HEAD", next, 0);
      response.body().close();
      boolean elsewhere = response.headers().firstValue("X-Linked-Etag").isPresent();
      if (response.statusCode() / 100 != 3 || elsewhere) {
        if (!elsewhere) {
          check(what, response);
        }
        return response;
      }
      next = target(what, next, response);
    }
    throw new CheckpointException(what + ": the hub redirects without end");
  }

  /**
   * An answer to read, from a byte on.
   *
   * @return status 200, 206 or 416
   */
  HttpResponse<InputStream> send(String what, String method, URI address, long from)
      throws Again, IOException {
    URI next = address;
    for (int i = 0; i <= REDIRECTS; i++) {
      HttpResponse<InputStream> response = exchange(method, next, from);
      if (response.statusCode() / 100 != 3) {
        if (response.statusCode() != 416) {
          check(what, response);
        }
        return response;
      }
      response.body().close();
      next = target(what, next, response);
    }
    throw new CheckpointException(what + ": the hub redirects without end");
  }

  private HttpResponse<InputStream> exchange(String method, URI address, long from)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(settings.patience())
            .header("User-Agent", "castalia")
            .header("Accept-Encoding", "identity");
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    if (isHub(address)) {
      settings.token().ifPresent(it -> request.header("Authorization", "Bearer " + it));
    }
    try {
      return client().send(request.build(), BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CheckpointException.passing(address + ": interrupted while fetching it; try again");
    }
  }

  private boolean isHub(URI address) {
    URI hub = settings.endpoint();
    return hub.getScheme().equalsIgnoreCase(address.getScheme())
        && hub.getHost().equalsIgnoreCase(address.getHost())
        && hub.getPort() == address.getPort();
  }

  private static URI target(String what, URI from, HttpResponse<?> response) {
    String location = response.headers().firstValue("Location").orElse("");
    try {
      URI target = from.resolve(location);
      boolean http = "http".equals(target.getScheme()) && "http".equals(from.getScheme());
      if (target.getHost() != null && (http || "https".equals(target.getScheme()))) {
        return target;
      }
    } catch (IllegalArgumentException e) {
      // Told below as every other location that is none.
    }
    throw new CheckpointException(
        "%s: the hub redirects to '%s', which is not followed".formatted(what, location));
  }

  private void check(String what, HttpResponse<InputStream> response) throws Again, IOException {
    int status = response.statusCode();
    if (status / 100 == 2) {
      return;
    }
    response.body().close();
    if (PASSING.contains(status)) {
      throw new Again("status " + status, retryAfter(response), false);
    }
    throw new CheckpointException(
        "%s: %s answers %d; %s"
            .formatted(
                what,
                settings.endpoint(),
                status,
                switch (status) {
                  case 401, 403 ->
                      "set HF_TOKEN to a token that may read it, if there is such a repository";
                  case 404 -> "check the names of repository and revision";
                  default -> "check HF_ENDPOINT";
                }));
  }

  private static Optional<Duration> retryAfter(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .flatMap(HubHttp::duration)
        .map(it -> min(it.isNegative() ? Duration.ZERO : it, LONGEST_ASKED_WAIT));
  }

  private static Optional<Duration> duration(String retryAfter) {
    try {
      return Optional.of(
          retryAfter.matches("\\d{1,9}")
              ? Duration.ofSeconds(Long.parseLong(retryAfter))
              : Duration.between(
                  ZonedDateTime.now(),
                  ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CheckpointException.passing("interrupted while waiting for the hub; try again");
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
