package dev.castalia.scorer;

import dev.castalia.schemas.KafkaConnection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Settings of a scorer. */
@ConfigMapping(prefix = "castalia")
public interface ScorerConfig {

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

  Scorer scorer();

  /** How this scorer works. */
  interface Scorer {

    /** Who it is, in scores, failures and logs; the host's name and the process when not given. */
    Optional<String> id();

    /**
     * Where it computes: {@code cpu}; {@code cuda}, each slot on a GPU of its own, or {@code
     * cuda:N}, both without falling back; {@code auto} for GPUs where they can be used.
     */
    @WithDefault("auto")
    String device();

    /** The pool that it belongs to, whose requests it takes; none: those of no pool. */
    Optional<String> pool();

    /**
     * The folders that checkpoints, tokenizers, tasks and their data are read from, if events name
     * them by path; the whole machine unless given.
     */
    Optional<List<Path>> roots();

    /**
     * Bytes that the models in the hub's cache may take: before more is fetched, those go that were
     * used least recently. Those in use stay, even where that is more. Nothing goes unless given.
     */
    OptionalLong cacheBytes();

    /** Checkpoints scored at once: one for each GPU, or one on a CPU. */
    @WithDefault("1")
    int slots();

    /**
     * Checkpoints opened ahead while the slots are busy, where the memory holds them beside those.
     */
    @WithDefault("1")
    int ahead();

    /** Threads that one slot computes with; 0 for all processors, shared among the slots. */
    @WithDefault("0")
    int threads();

    /** How often a lock is renewed; well below the share group's lock duration. */
    @WithDefault("10s")
    Duration renewEvery();

    /** How long the units in hand may take when it is told to stop. */
    @WithDefault("5m")
    Duration drain();
  }
}
