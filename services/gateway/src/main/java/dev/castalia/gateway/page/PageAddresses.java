package dev.castalia.gateway.page;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;

/** Every view of the page has an address of its own; the page itself tells them apart. */
@Singleton
public class PageAddresses {

  static final List<String> VIEWS =
      List.of(
          "overview",
          "leaderboard",
          "trajectories",
          "scaling",
          "continued",
          "findings",
          "failures",
          "sweep");

  void serve(@Observes Router router) {
    for (String view : VIEWS) {
      router
          .route("/" + view)
          .method(HttpMethod.GET)
          .method(HttpMethod.HEAD)
          .handler(request -> request.reroute("/index.html"));
    }
  }
}
