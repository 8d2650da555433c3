package dev.castalia.gateway.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.gateway.problem.Problem;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Refuses a body that says it is too large before any of it is read, and says how large one may be.
 * One that does not say is cut off by the server where it becomes too large.
 */
@Singleton
public class BodyLimit {

  private static final int FIRST = 10_000;

  private final long most;
  private final ObjectMapper json;

  BodyLimit(
      @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize most,
      ObjectMapper json) {
    this.most = most.asLongValue();
    this.json = json;
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, FIRST);
  }

  private void check(RoutingContext context) {
    String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length == null || length.length() < 19 && Long.parseLong(length) <= most) {
      context.next();
      return;
    }
    context
        .response()
        .setStatusCode(413)
        .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
        .putHeader(HttpHeaders.CONNECTION, "close")
        .end(problem(context.request().path(), length))
        .onComplete(sent -> context.request().connection().close());
  }

  private String problem(String path, String length) {
    try {
      return json.writeValueAsString(
          new Problem(
              URI.create("urn:castalia:problem:too-large"),
              "Content too large",
              413,
              "The body has %s bytes, where %d at most are read: send it in parts."
                  .formatted(length, most),
              path,
              List.of()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a problem is always JSON", e);
    }
  }
}
