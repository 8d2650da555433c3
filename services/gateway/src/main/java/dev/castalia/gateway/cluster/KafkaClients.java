package dev.castalia.gateway.cluster;

import dev.castalia.gateway.GatewayConfig;
import dev.castalia.schemas.Topic;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Connections to the configured brokers. The producer is opened when it is first wanted. */
@Singleton
public class KafkaClients implements ClusterClients {

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final GatewayConfig config;
  private Producer<String, byte[]> producer;

  KafkaClients(GatewayConfig config) {
    this.config = config;
  }

  /** A new admin client. The caller closes it. */
  Admin admin() {
    Map<String, Object> settings = common();
    settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000);
    return Admin.create(settings);
  }

  @Override
  public Consumer<String, byte[]> consumer() {
    Map<String, Object> settings = common();
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // An offset that is gone means that a topic was created again: start over, don't guess.
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2000);
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public synchronized Producer<String, byte[]> producer() {
    if (producer == null) {
      Map<String, Object> settings = common();
      settings.put(ProducerConfig.ACKS_CONFIG, "all");
      settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
      settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
      settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topic.MAX_EVENT_BYTES);
      settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
      settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
      settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000);
      producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }
    return producer;
  }

  @Override
  public String identity(Collection<Topic> topics) {
    try (Admin admin = admin()) {
      return admin.describeCluster().clusterId().get()
          + admin
              .describeTopics(topics.stream().map(Topic::topicName).toList())
              .allTopicNames()
              .get()
              .values()
              .stream()
              .map(found -> found.name() + found.topicId())
              .sorted()
              .collect(Collectors.joining(" ", " ", ""));
    } catch (ExecutionException e) {
      throw new KafkaException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted", e);
    }
  }

  private Map<String, Object> common() {
    Map<String, Object> settings = config.kafka().settings();
    settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, "castalia-gateway");
    return settings;
  }

  @PreDestroy
  synchronized void close() {
    if (producer != null) {
      producer.close(CLOSE_TIMEOUT);
    }
  }
}
