package dev.castalia.aggregator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import org.apache.kafka.streams.KafkaStreams;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Alive until the topology has given up; ready while its threads run. */
@ApplicationScoped
public class StreamsHealth {

  private final StreamsHost host;

  StreamsHealth(StreamsHost host) {
    this.host = host;
  }

  @Produces
  @Liveness
  HealthCheck alive() {
    return () -> check(host.state() != KafkaStreams.State.ERROR);
  }

  @Produces
  @Readiness
  HealthCheck ready() {
    return () -> check(host.isRunning());
  }

  private HealthCheckResponse check(boolean up) {
    return HealthCheckResponse.named("topology")
        .status(up)
        .withData("state", String.valueOf(host.state()))
        .build();
  }
}
