package dev.castalia.cli.cluster;

import dev.castalia.schemas.EventSerdes;
import dev.castalia.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What lies on a cluster's topics, as anybody's consumer reads it. */
public final class TopicRecords {

  private TopicRecords() {}

  /** Every committed event on the topic. */
  public static List<ConsumerRecord<String, SpecificRecord>> events(
      LocalCluster cluster, Topic topic) {
    return events(cluster, topic, "");
  }

  /** Every committed event whose key begins so; what others have is not read as an event. */
  public static List<ConsumerRecord<String, SpecificRecord>> events(
      LocalCluster cluster, Topic topic, String keys) {
    try (Deserializer<SpecificRecord> deserializer =
        new EventSerdes(cluster.registryUrl()).deserializer()) {
      return bytes(cluster, topic).stream()
          .filter(it -> String.valueOf(it.key()).startsWith(keys))
          .map(it -> event(it, deserializer))
          .toList();
    }
  }

  private static ConsumerRecord<String, SpecificRecord> event(
      ConsumerRecord<String, byte[]> record, Deserializer<SpecificRecord> deserializer) {
    return new ConsumerRecord<>(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        record.timestampType(),
        record.serializedKeySize(),
        record.serializedValueSize(),
        record.key(),
        record.value() == null ? null : deserializer.deserialize(record.topic(), record.value()),
        record.headers(),
        record.leaderEpoch(),
        record.deliveryCount());
  }

  /** Every committed record on the topic, as bytes. */
  public static List<ConsumerRecord<String, byte[]>> bytes(LocalCluster cluster, Topic topic) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", cluster.bootstrapServers(),
            "auto.offset.reset", "earliest",
            "isolation.level", "read_committed");
    List<ConsumerRecord<String, byte[]>> all = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.topicName()).stream()
              .map(it -> new TopicPartition(it.topic(), it.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(it -> consumer.position(it) < ends.get(it))) {
        consumer.poll(Duration.ofMillis(100)).forEach(all::add);
      }
    }
    return all;
  }

  /** The latest event of each key; those deleted left out. */
  public static Map<String, SpecificRecord> latest(LocalCluster cluster, Topic topic) {
    return latest(cluster, topic, "");
  }

  /** The same of the keys that begin so. */
  public static Map<String, SpecificRecord> latest(LocalCluster cluster, Topic topic, String keys) {
    Map<String, SpecificRecord> latest = new LinkedHashMap<>();
    for (ConsumerRecord<String, SpecificRecord> record : events(cluster, topic, keys)) {
      if (record.value() == null) {
        latest.remove(record.key());
      } else {
        latest.put(record.key(), record.value());
      }
    }
    return latest;
  }
}
