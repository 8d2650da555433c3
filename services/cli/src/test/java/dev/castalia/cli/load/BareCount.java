package dev.castalia.cli.load;

import static org.awaitility.Awaitility.await;

import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.events.SliceScored;
import dev.castalia.schemas.EventSerdes;
import dev.castalia.schemas.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.GroupProtocol;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;

/**
 * The least that Kafka Streams can do with the scores: read them and count them by key, exactly
 * once, with the aggregator's settings and serdes. Runs in this process.
 */
final class BareCount {

  private BareCount() {}

  /** Scores a second, over all that lie on the topic, from the first one read on. */
  static double rate(LocalCluster cluster, long scores) throws IOException {
    AtomicLong first = new AtomicLong();
    AtomicLong read = new AtomicLong();
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(
            Topic.SCORES.topicName(),
            Consumed.with(
                Serdes.String(), new EventSerdes(cluster.registryUrl()).of(SliceScored.class)))
        .peek(
            (key, score) -> {
              if (read.getAndIncrement() == 0) {
                first.set(System.nanoTime());
              }
            })
        .groupByKey()
        .count();
    Path state = Files.createTempDirectory("bare-count");
    Properties settings = new Properties();
    settings.putAll(
        Map.of(
            StreamsConfig.APPLICATION_ID_CONFIG,
            "bare-count",
            StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
            cluster.bootstrapServers(),
            StreamsConfig.STATE_DIR_CONFIG,
            state.toString(),
            StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
            StreamsConfig.EXACTLY_ONCE_V2,
            StreamsConfig.GROUP_PROTOCOL_CONFIG,
            GroupProtocol.STREAMS.name(),
            StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
            50,
            StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
            64L << 20,
            StreamsConfig.producerPrefix("compression.type"),
            "zstd",
            StreamsConfig.consumerPrefix("auto.offset.reset"),
            "earliest"));
    try (KafkaStreams streams = new KafkaStreams(builder.build(), settings)) {
      streams.start();
      await()
          .atMost(Duration.ofMinutes(5))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> read.get() >= scores);
      return scores / ((System.nanoTime() - first.get()) / 1e9);
    }
  }
}
