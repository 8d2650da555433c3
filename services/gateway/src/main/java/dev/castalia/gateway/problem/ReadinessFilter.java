package dev.castalia.gateway.problem;

import dev.castalia.gateway.view.Views;
import jakarta.ws.rs.container.ContainerRequestContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses to answer from views that are not complete: a half-read board would look like a whole
 * one.
 */
public class ReadinessFilter {

  private final Views views;

  ReadinessFilter(Views views) {
    this.views = views;
  }

  @ServerRequestFilter
  public void requireCompleteViews(ContainerRequestContext request) {
    if (!views.complete()) {
      throw ProblemException.unavailable(
          "The gateway is still reading the topics: try again shortly, or see /q/health/ready.");
    }
  }
}
