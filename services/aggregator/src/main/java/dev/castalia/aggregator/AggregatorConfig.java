package dev.castalia.aggregator;

import dev.castalia.schemas.KafkaConnection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Settings of the aggregator. */
@ConfigMapping(prefix = "castalia")
public interface AggregatorConfig {

  /** The brokers, host:port, comma-separated. */
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

  /** Base URL of the schema registry's own API. */
  @WithDefault("http://localhost:8081/apis/registry/v3")
  String registryUrl();

  Aggregator aggregator();

  Ledger ledger();

  /** How the topology runs. */
  interface Aggregator {

    /** Where state lies between restarts; what is lost is rebuilt from the topics. */
    @WithDefault("state")
    String stateDir();

    /**
     * Threads that process partitions; if it is not given, as many as there are processors, and no
     * more than partitions.
     */
    OptionalInt threads();

    /** Partitions of the topics keyed by checkpoint; must be what they have. */
    @WithDefault("4")
    int partitions();

    /** Copies of the topology's own topics; -1 for as many as the brokers make unless told. */
    @WithDefault("-1")
    int replicationFactor();

    /** How often transactions commit; what readers see lags by this much at each stage. */
    @WithDefault("50ms")
    Duration commitInterval();

    /** How often changed boards, trajectories and progress are published. */
    @WithDefault("150ms")
    Duration emitEvery();

    /** Memory for RocksDB's blocks and buffers, in MiB. */
    @WithDefault("128")
    int rocksdbMib();

    /** Memory for records between two commits, in MiB. */
    @WithDefault("64")
    int cacheMib();
  }

  /** How work is handed out. */
  interface Ledger {

    /** Bundles of one partition that may be outstanding at once. */
    @WithDefault("8")
    int window();

    /**
     * How often a unit is issued before it has failed for good, those times left out in which its
     * scorers sent nothing at all.
     */
    @WithDefault("5")
    int attempts();

    /** Operations a second that a scorer is thought to do, where there are no pools. */
    @WithDefault("50e9")
    double flops();

    /**
     * The pools of scorers, each {@code NAME:FLOPS:PARAMETERS}: operations a second that one of
     * them is thought to do, and of how many parameters the largest model is that they take, which
     * is left out for the pool that takes any. Without pools every scorer takes everything.
     */
    Optional<List<String>> pools();

    /** How fast a scorer is thought to load weights, in bytes a second. */
    @WithDefault("500e6")
    @WithName("load-bytes-per-second")
    double loadBytesPerSecond();

    /** A bundle is filled to at least this estimate. */
    @WithDefault("2s")
    Duration minBundle();

    /** A bundle is filled to at most this estimate. */
    @WithDefault("2m")
    Duration maxBundle();

    /** Units in a bundle at most. The answers of a window of full ones delay those of any sweep. */
    @WithDefault("64")
    int maxBundleUnits();

    /** How long a request may go unanswered, whatever the estimate; doubles with each attempt. */
    @WithDefault("2m")
    Duration minDeadline();

    /**
     * How long a unit rests after its first passing failure; twice as long after each further one.
     */
    @WithDefault("1s")
    Duration retryPause();
  }
}
