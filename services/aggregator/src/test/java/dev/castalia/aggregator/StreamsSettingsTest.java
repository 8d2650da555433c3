package dev.castalia.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.schemas.Topic;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StreamsSettingsTest {

  @Test
  void everyCountIsExactlyOnceAndTheBrokerAssignsThePartitions() {
    assertThat(StreamsSettings.streams(config(Map.of())))
        .containsEntry(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2)
        .containsEntry(StreamsConfig.GROUP_PROTOCOL_CONFIG, "STREAMS");
  }

  @Test
  void itsOwnTopicsTakeWhateverItsProducerSends() {
    Properties streams = StreamsSettings.streams(config(Map.of()));

    Object sent = streams.get(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG));
    assertThat(streams)
        .containsEntry(StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG), sent);
    assertThat((int) sent).isGreaterThan(Topic.MAX_EVENT_BYTES);
  }

  @Test
  void itsOwnTopicsHaveAsManyCopiesAsTheBrokersGiveUnlessItIsSaid() {
    assertThat(StreamsSettings.streams(config(Map.of())))
        .containsEntry(StreamsConfig.REPLICATION_FACTOR_CONFIG, -1);
    assertThat(
            StreamsSettings.streams(config(Map.of("castalia.aggregator.replication-factor", "3"))))
        .containsEntry(StreamsConfig.REPLICATION_FACTOR_CONFIG, 3);
  }

  @Test
  void aSettingReachesTheLedger() {
    AggregatorConfig config = config(Map.of("castalia.ledger.window", "3"));

    assertThat(StreamsSettings.topology(config).ledger().window()).isEqualTo(3);
  }

  private static AggregatorConfig config(Map<String, String> settings) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .withMapping(AggregatorConfig.class)
            .withDefaultValues(settings)
            .addDiscoveredConverters()
            .withValidateUnknown(false)
            .build();
    return config.getConfigMapping(AggregatorConfig.class);
  }
}
