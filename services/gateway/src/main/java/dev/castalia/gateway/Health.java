package dev.castalia.gateway;

import dev.castalia.gateway.view.ViewReader;
import dev.castalia.gateway.view.Views;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/**
 * Alive until an error has ended the reading; ready when it is alive and the views are complete.
 * One that cannot read on, since brokers or registry do not answer, stays in service and shows what
 * it knows: no replica could do more. It says so here, and in a metric.
 */
@Singleton
public class Health {

  private final Lifecycle lifecycle;
  private final ViewReader reader;
  private final Views views;

  Health(Lifecycle lifecycle, ViewReader reader, Views views) {
    this.lifecycle = lifecycle;
    this.reader = reader;
    this.views = views;
  }

  @Produces
  @Liveness
  HealthCheck alive() {
    return () -> HealthCheckResponse.named("reader").status(reader.isAlive()).build();
  }

  @Produces
  @Readiness
  HealthCheck ready() {
    return this::views;
  }

  private HealthCheckResponse views() {
    Optional<String> trouble = lifecycle.waitingFor().or(reader::trouble);
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named("views").status(views.complete() && reader.isAlive());
    trouble.ifPresent(reason -> response.withData("waitingFor", reason));
    views.all().forEach(view -> response.withData(view.topic().topicName(), view.size()));
    return response.build();
  }
}
