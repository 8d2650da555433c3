package dev.castalia.gateway.cluster;

import dev.castalia.gateway.GatewayConfig;
import dev.castalia.schemas.ClusterSetup;
import dev.castalia.schemas.SchemaRegistration;
import jakarta.inject.Singleton;
import java.io.IOException;
import org.apache.kafka.clients.admin.Admin;

/** Brings topics, groups' settings and schemas into the state that the mesh needs. */
@Singleton
public class ClusterPreparation {

  private static final String REGISTRY_API = "/apis/registry/";
  private static final String CONFLUENT_API = "/apis/ccompat/v7";

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
    try (Admin admin = clients.admin()) {
      new ClusterSetup(setup.partitions(), setup.replicationFactor(), setup.lock()).apply(admin);
    }
    new SchemaRegistration(confluentUrl(config)).apply();
  }

  static String confluentUrl(GatewayConfig config) {
    return config.registryConfluentUrl().orElseGet(() -> derived(config.registryUrl()));
  }

  private static String derived(String registryUrl) {
    int path = registryUrl.indexOf(REGISTRY_API);
    if (path < 0) {
      throw new IllegalStateException(
          "castalia.registry-url is \""
              + registryUrl
              + "\", which holds no "
              + REGISTRY_API
              + ": set castalia.registry-confluent-url too");
    }
    return registryUrl.substring(0, path) + CONFLUENT_API;
  }
}
