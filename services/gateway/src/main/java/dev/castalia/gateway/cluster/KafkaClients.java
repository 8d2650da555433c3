package dev.castalia.gateway.cluster;

import dev.castalia.gateway.GatewayConfig;
import dev.castalia.schemas.Groups;
import dev.castalia.schemas.Topic;
import dev.castalia.topology.CastaliaTopology;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListStreamsGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Connections to the configured brokers. What is shared is opened when it is first wanted. */
@Singleton
public class KafkaClients implements ClusterClients {

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final Set<String> SCORES =
      Set.of(Topic.SCORES.topicName(), Topic.REPORTED_SCORES.topicName());
  private static final Set<String> READ =
      CastaliaTopology.INPUTS.stream().map(Topic::topicName).collect(Collectors.toSet());

  /** Bytes of a record beside its value: key, headers, and what Kafka adds. */
  private static final int BESIDE_EVENT = 1 << 20;

  private final GatewayConfig config;
  private Producer<String, byte[]> producer;
  private Admin admin;

  KafkaClients(GatewayConfig config) {
    this.config = config;
  }

  /** The one admin client; safe to share between threads. */
  synchronized Admin admin() {
    if (admin == null) {
      Map<String, Object> settings = common();
      settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
      settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000);
      admin = Admin.create(settings);
    }
    return admin;
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
      settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topic.MAX_EVENT_BYTES + BESIDE_EVENT);
      settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
      settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
      settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000);
      producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }
    return producer;
  }

  @Override
  public String identity(Collection<Topic> topics) {
    try {
      Admin admin = admin();
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

  @Override
  public Unread unread() {
    try {
      Admin admin = admin();
      Map<TopicPartition, OffsetAndMetadata> read =
          admin
              .listStreamsGroupOffsets(Map.of(Groups.AGGREGATOR, new ListStreamsGroupOffsetsSpec()))
              .partitionsToOffsetAndMetadata(Groups.AGGREGATOR)
              .get();
      Set<TopicPartition> partitions = partitions(admin);
      Map<TopicPartition, Long> begins = offsets(admin, partitions, OffsetSpec.earliest());
      Map<TopicPartition, Long> ends = offsets(admin, partitions, OffsetSpec.latest());
      long scores = 0;
      long others = 0;
      long findings = 0;
      for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
        TopicPartition partition = end.getKey();
        if (partition.topic().equals(Topic.FINDINGS.topicName())) {
          findings += end.getValue();
          continue;
        }
        OffsetAndMetadata reached = read.get(partition);
        long left = end.getValue() - (reached == null ? begins.get(partition) : reached.offset());
        if (SCORES.contains(partition.topic())) {
          scores += left;
        } else {
          // The mark that ends a transaction has an offset, too, and nobody reads it.
          others += Math.max(0, left - 1);
        }
      }
      return new Unread(scores, others, findings);
    } catch (ExecutionException e) {
      throw new KafkaException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted", e);
    }
  }

  /** Of the topics that the aggregator reads, and of the findings. */
  private static Set<TopicPartition> partitions(Admin admin)
      throws ExecutionException, InterruptedException {
    Set<String> topics =
        admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get().stream()
            .filter(it -> READ.contains(it) || it.equals(Topic.FINDINGS.topicName()) || isOwn(it))
            .collect(Collectors.toSet());
    return admin.describeTopics(topics).allTopicNames().get().values().stream()
        .flatMap(
            topic ->
                topic.partitions().stream()
                    .map(it -> new TopicPartition(topic.name(), it.partition())))
        .collect(Collectors.toSet());
  }

  private static Map<TopicPartition, Long> offsets(
      Admin admin, Set<TopicPartition> partitions, OffsetSpec spec)
      throws ExecutionException, InterruptedException {
    return admin
        .listOffsets(partitions.stream().collect(Collectors.toMap(it -> it, it -> spec)))
        .all()
        .get()
        .entrySet()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, it -> it.getValue().offset()));
  }

  private static boolean isOwn(String topic) {
    return topic.startsWith(Groups.AGGREGATOR + "-") && topic.endsWith("-repartition");
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
    if (admin != null) {
      admin.close(CLOSE_TIMEOUT);
    }
  }
}
