package dev.castalia.gateway;

import dev.castalia.gateway.view.ViewReader;
import dev.castalia.gateway.view.Views;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready when the views are complete. One that cannot read on, since brokers or registry do not
 * answer, stays in service and shows what it knows: no replica could do more. It says so here, and
 * in a metric.
 */
@Readiness
@Singleton
public class Health implements HealthCheck {

  private final Lifecycle lifecycle;
  private final ViewReader reader;
  private final Views views;

  Health(Lifecycle lifecycle, ViewReader reader, Views views) {
    this.lifecycle = lifecycle;
    this.reader = reader;
    this.views = views;
  }

  @Override
  public HealthCheckResponse call() {
    Optional<String> trouble = lifecycle.waitingFor().or(reader::trouble);
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named("views").status(views.complete());
    trouble.ifPresent(reason -> response.withData("waitingFor", reason));
    views.all().forEach(view -> response.withData(view.topic().topicName(), view.size()));
    return response.build();
  }
}
