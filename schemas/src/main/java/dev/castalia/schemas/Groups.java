package dev.castalia.schemas;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The groups that read the topics, and the settings that the broker keeps for them. The only place
 * that writes a group's name.
 */
public final class Groups {

  /**
   * The share group of scorers that belong to no pool. Those of pools have groups whose names begin
   * so: see {@link #scorers}.
   */
  public static final String SCORERS = "castalia-scorers";

  /**
   * The Kafka Streams application. A topology of another shape needs another group, whose state is
   * rebuilt from the compacted topics: raise the number when a change adds, removes or renames a
   * store, a repartition topic or a sub-topology, reads a store's keys otherwise, changes a record
   * that stores hold, events among them, gives the topics in between other settings, which those
   * that are there do not get, or tells otherwise what the same scores support, which is computed
   * where scores change alone.
   */
  public static final String AGGREGATOR = "castalia-aggregator-15";

  /**
   * How often the broker hands out a request before it drops it without a word. A scorer evaluates
   * what it is given for the first time and gives anything else back to the ledger, which counts
   * the attempts; the further deliveries are for scorers that die, or lack Kafka, while they do so.
   * The broker must allow it ({@code group.share.max.delivery.count.limit} and its like).
   */
  public static final int DELIVERY_LIMIT = 10;

  private Groups() {}

  /**
   * The share group of a pool's scorers. Every pool's reads all requests and passes over those that
   * are for others.
   *
   * @param pool empty for scorers that belong to none
   */
  public static String scorers(String pool) {
    return pool.isEmpty() ? SCORERS : SCORERS + "-" + pool;
  }

  /**
   * Settings of the Kafka Streams application's group.
   *
   * @param standbys copies of every partition's state on other aggregators
   */
  static Map<String, String> aggregatorSettings(int standbys) {
    return Map.of("streams.num.standby.replicas", Integer.toString(standbys));
  }

  /**
   * Settings of a share group of scorers; brokers know all of them from Kafka 4.3 on.
   *
   * @param lock how long a scorer may hold a request between two renewals; the broker allows 15 s
   *     to 60 s unless told otherwise; empty to leave it as it is
   */
  static Map<String, String> scorerSettings(Optional<Duration> lock) {
    Map<String, String> settings = new HashMap<>();
    settings.put("share.auto.offset.reset", "earliest");
    settings.put("share.isolation.level", "read_committed");
    settings.put("share.delivery.count.limit", Integer.toString(DELIVERY_LIMIT));
    lock.ifPresent(
        it -> settings.put("share.record.lock.duration.ms", Long.toString(it.toMillis())));
    return settings;
  }
}
