package dev.castalia.scorer;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Alive while its lanes run; ready while they can take work. */
@ApplicationScoped
public class ScorerHealth {

  private final ScorerService scorer;

  ScorerHealth(ScorerService scorer) {
    this.scorer = scorer;
  }

  @Produces
  @Liveness
  HealthCheck alive() {
    return () -> HealthCheckResponse.named("lanes").status(scorer.isAlive()).build();
  }

  @Produces
  @Readiness
  HealthCheck ready() {
    return () -> HealthCheckResponse.named("share group").status(scorer.isReady()).build();
  }
}
