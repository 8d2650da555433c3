package dev.castalia.gateway.cluster;

import dev.castalia.gateway.GatewayConfig;
import dev.castalia.schemas.ClusterSetup;
import dev.castalia.schemas.SchemaRegistration;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;

/** Brings topics, groups' settings and schemas into the state that the mesh needs. */
@Singleton
public class ClusterPreparation {

  private final GatewayConfig config;
  private final KafkaClients clients;

  ClusterPreparation(GatewayConfig config, KafkaClients clients) {
    this.config = config;
    this.clients = clients;
  }

  /**
   * Safe to repeat. Does nothing where it is switched off.
   *
   * @throws RuntimeException if the cluster refuses or cannot be reached
   * @throws IOException if the registry cannot be reached
   */
  public void apply() throws IOException, InterruptedException {
    GatewayConfig.Setup setup = config.setup();
    if (!setup.enabled()) {
      return;
    }
    of(setup).apply(clients.admin());
    new SchemaRegistration(confluentUrl(config)).apply();
  }

  static String confluentUrl(GatewayConfig config) {
    return config
        .registryConfluentUrl()
        .orElseGet(
            () ->
                SchemaRegistration.confluentUrl(
                    config.registryUrl(), "castalia.registry-confluent-url"));
  }

  static ClusterSetup of(GatewayConfig.Setup setup) {
    return new ClusterSetup(
        setup.partitions(),
        setup.replicationFactor(),
        setup.lock(),
        setup.pools().orElse(List.of()),
        setup.standbys());
  }
}
