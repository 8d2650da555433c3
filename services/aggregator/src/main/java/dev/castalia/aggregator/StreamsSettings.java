package dev.castalia.aggregator;

import dev.castalia.schemas.Groups;
import dev.castalia.schemas.Topic;
import dev.castalia.topology.TopologySettings;
import dev.castalia.topology.ledger.LedgerSettings;
import dev.castalia.topology.ledger.Pools;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.GroupProtocol;
import org.apache.kafka.streams.StreamsConfig;

/** From the aggregator's settings to those of Kafka Streams and the topology. */
final class StreamsSettings {

  /** Of a published board; the gateway ranks all there are. */
  private static final int BOARD_ENTRIES = 100;

  private StreamsSettings() {}

  static Properties streams(AggregatorConfig config) {
    AggregatorConfig.Aggregator aggregator = config.aggregator();
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, Groups.AGGREGATOR);
    properties.putAll(config.kafka().settings());
    properties.put(StreamsConfig.STATE_DIR_CONFIG, aggregator.stateDir());
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads(aggregator));
    properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, aggregator.replicationFactor());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, GroupProtocol.STREAMS.name());
    // Kafka 5's default, which matters to global tables only; the topology has none.
    properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_GLOBAL_ENABLED_CONFIG, true);
    // The end state is the same whatever order the topics are read in: nothing waits for another.
    properties.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, aggregator.commitInterval().toMillis());
    properties.put(
        StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, aggregator.cacheMib() * 1024L * 1024);
    properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
    properties.put(BoundedRocksDb.MIB, aggregator.rocksdbMib());
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        Topic.MAX_DEAD_LETTER_BYTES);
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG),
        2L * Topic.MAX_DEAD_LETTER_BYTES);
    properties.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "zstd");
    // Of the topics that Kafka Streams makes for itself: what is sent there came from an input.
    properties.put(
        StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
        Topic.MAX_DEAD_LETTER_BYTES);
    return properties;
  }

  /** More threads than partitions find nothing to do most of the time. */
  private static int threads(AggregatorConfig.Aggregator aggregator) {
    int processors = Runtime.getRuntime().availableProcessors();
    return aggregator.threads().orElse(Math.min(processors, aggregator.partitions()));
  }

  static TopologySettings topology(AggregatorConfig config) {
    AggregatorConfig.Ledger ledger = config.ledger();
    return new TopologySettings(
        config.aggregator().partitions(),
        config.aggregator().emitEvery(),
        BOARD_ENTRIES,
        new LedgerSettings(
            ledger.window(),
            ledger.attempts(),
            ledger.pools().map(Pools::parse).orElseGet(() -> Pools.one(ledger.flops())),
            ledger.loadBytesPerSecond(),
            ledger.minBundle(),
            ledger.maxBundle(),
            ledger.maxBundleUnits(),
            ledger.minDeadline(),
            ledger.retryPause()));
  }
}
