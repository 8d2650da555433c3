package dev.castalia.gateway;

import dev.castalia.gateway.access.Role;
import dev.castalia.schemas.ClusterSetup;
import dev.castalia.schemas.KafkaConnection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Settings of the gateway. {@code quarkus.http.port} is its port. */
@ConfigMapping(prefix = "castalia")
public interface GatewayConfig {

  /** Where Kafka is: {@code host:port}, comma-separated. */
  @WithDefault("localhost:9092")
  String bootstrapServers();

  /**
   * A Java properties file of settings for every Kafka client of this service, as Kafka's own tools
   * take with {@code --command-config}: protocol, credentials, certificates.
   */
  Optional<Path> kafkaConfig();

  default KafkaConnection kafka() {
    return new KafkaConnection(bootstrapServers(), kafkaConfig());
  }

  /** Base URL of the registry's own API. */
  @WithDefault("http://localhost:8081/apis/registry/v3")
  String registryUrl();

  /**
   * Base URL of the registry's Confluent-compatible API; by default {@link #registryUrl} with
   * {@code /apis/ccompat/v7} in place of its path.
   */
  Optional<String> registryConfluentUrl();

  Setup setup();

  Gateway gateway();

  /** Whether and how the gateway creates topics and registers schemas when it starts. */
  interface Setup {

    @WithDefault("true")
    boolean enabled();

    /** Partitions of the topics keyed by checkpoint. */
    @WithDefault("" + ClusterSetup.DEFAULT_PARTITIONS)
    int partitions();

    @WithDefault("1")
    short replicationFactor();

    /** How long a scorer may hold a request between two renewals; left as it is unless given. */
    Optional<Duration> lock();

    /** The names of the pools of scorers, where there are some. */
    Optional<List<String>> pools();

    /**
     * Copies of every partition's state on other aggregators, ready to take over; left as it is
     * unless given.
     */
    OptionalInt standbys();
  }

  /** The gateway's own. */
  interface Gateway {

    /** How long a write may take until this gateway has read it back. */
    @WithDefault("30s")
    Duration writeTimeout();

    /** Least time between two deliveries of changes to one reader of the events. */
    @WithDefault("100ms")
    Duration eventInterval();

    /** Longest silence towards a reader of the events. */
    @WithDefault("15s")
    Duration heartbeat();

    Access access();
  }

  /** Who may do what. */
  interface Access {

    /** What those may do who show neither key nor token; nothing unless given. */
    Optional<Role> anonymous();

    /** A file of keys, as {@code castalia key} prints them; read again when it changes. */
    Optional<Path> apiKeys();

    Quota quota();
  }

  /** How much a producer may ask for; operators may ask for any amount. */
  interface Quota {

    /** Requests a minute, at this gateway; reading is not counted. */
    @WithDefault("600")
    int requests();

    /** Sweeps that are neither done nor cancelled; standing ones are never done. */
    @WithDefault("20")
    int openSweeps();

    /** Units of one sweep, by what is published when it is asked for. */
    @WithDefault("1000000")
    long units();

    /** Highest priority of a sweep. */
    @WithDefault("10")
    int priority();
  }
}
