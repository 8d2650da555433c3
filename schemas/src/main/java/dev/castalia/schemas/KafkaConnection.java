package dev.castalia.schemas;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * How a service reaches Kafka.
 *
 * @param bootstrapServers the brokers, host:port, comma-separated
 * @param clientConfig a Java properties file of client settings, as Kafka's own tools take with
 *     {@code --command-config}: protocol, credentials, certificates
 */
public record KafkaConnection(String bootstrapServers, Optional<Path> clientConfig) {

  /**
   * A new map of what every client of the service is configured with, read anew from the file each
   * time, so that a client opened after a password was changed has the new one.
   *
   * @throws IllegalStateException if the file cannot be read
   */
  public Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>();
    clientConfig.ifPresent(
        file -> read(file).forEach((name, value) -> settings.put((String) name, value)));
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return settings;
  }

  private static Properties read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      // Its text is not repeated here: there are passwords in it.
      throw new IllegalStateException(
          "castalia.kafka-config is "
              + file
              + ", which cannot be read as a properties file ("
              + e.getClass().getSimpleName()
              + "): give the path of one that this process may read",
          e instanceof IOException ? e : null);
    }
    return properties;
  }
}
