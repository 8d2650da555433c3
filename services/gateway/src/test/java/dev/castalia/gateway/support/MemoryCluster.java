package dev.castalia.gateway.support;

import dev.castalia.gateway.cluster.ClusterClients;
import dev.castalia.schemas.CheckpointPartitioner;
import dev.castalia.schemas.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Topics in memory behind Kafka's own mock clients: what is produced is appended, and every
 * consumer reads it from the beginning.
 */
public final class MemoryCluster implements ClusterClients {

  public static final int PARTITIONS = 4;

  private final FramedCodec codec = new FramedCodec();
  private final Map<TopicPartition, List<ConsumerRecord<String, byte[]>>> logs = new HashMap<>();
  private final List<Reader> readers = new CopyOnWriteArrayList<>();
  private final Producer<String, byte[]> producer = new AppendingProducer();
  private volatile String identity = "memory-1";
  private volatile boolean brokersAnswer = true;
  private volatile long unreadScores;
  private volatile long unreadOthers;

  public FramedCodec codec() {
    return codec;
  }

  public synchronized void append(Topic topic, String key, SpecificRecord event) {
    append(topic, key, event == null ? null : codec.encode(topic, event), new RecordHeaders());
  }

  public long append(Topic topic, String key, byte[] value, Headers headers) {
    return append(topic, partition(topic, key), key, value, headers);
  }

  /** What is about a checkpoint lies with that, as the services have it. */
  private static int partition(Topic topic, String key) {
    String checkpoint = key.contains("@") ? key.split("\\|", 2)[0] : key;
    return CheckpointPartitioner.partition(checkpoint, topic.partitions(PARTITIONS));
  }

  private synchronized long append(
      Topic topic, int partition, String key, byte[] value, Headers headers) {
    TopicPartition at = new TopicPartition(topic.topicName(), partition);
    var log = logs.computeIfAbsent(at, any -> new ArrayList<>());
    var record =
        new ConsumerRecord<>(
            at.topic(),
            at.partition(),
            log.size(),
            Events.EARLIER.toEpochMilli() + log.size(),
            TimestampType.CREATE_TIME,
            0,
            0,
            key,
            value,
            headers,
            Optional.empty());
    log.add(record);
    readers.forEach(reader -> reader.offer(record));
    return record.offset();
  }

  /** Deletes all topics and creates them again: readers must begin anew. */
  public synchronized void recreate(String newIdentity) {
    logs.clear();
    identity = newIdentity;
    readers.forEach(Reader::fail);
    readers.clear();
  }

  public List<ConsumerRecord<String, byte[]>> records(Topic topic) {
    synchronized (this) {
      return logs.entrySet().stream()
          .filter(log -> log.getKey().topic().equals(topic.topicName()))
          .flatMap(log -> log.getValue().stream())
          .toList();
    }
  }

  @Override
  public synchronized Consumer<String, byte[]> consumer() {
    Reader reader = new Reader();
    readers.add(reader);
    return reader;
  }

  @Override
  public Producer<String, byte[]> producer() {
    return producer;
  }

  /** From now on the aggregator has that left to read. */
  public void unread(long scores, long others) {
    unreadScores = scores;
    unreadOthers = others;
  }

  /** Whether questions are answered; what was asked for before goes on coming. */
  public void brokersAnswer(boolean answer) {
    brokersAnswer = answer;
  }

  private void requireAnswer() {
    if (!brokersAnswer) {
      throw new KafkaException("timed out waiting for a node");
    }
  }

  @Override
  public synchronized Unread unread() {
    requireAnswer();
    long end =
        logs.getOrDefault(new TopicPartition(Topic.FINDINGS.topicName(), 0), List.of()).size();
    return new Unread(unreadScores, unreadOthers, end);
  }

  @Override
  public String identity(Collection<Topic> topics) {
    requireAnswer();
    return identity;
  }

  /** Takes records of all partitions, once they are assigned. */
  private final class Reader extends MockConsumer<String, byte[]> {

    Reader() {
      super("none");
      for (Topic topic : Topic.values()) {
        Node node = Node.noNode();
        updatePartitions(
            topic.topicName(),
            IntStream.range(0, topic.partitions(PARTITIONS))
                .mapToObj(i -> new PartitionInfo(topic.topicName(), i, node, null, null))
                .toList());
      }
    }

    @Override
    public void assign(Collection<TopicPartition> partitions) {
      synchronized (MemoryCluster.this) {
        super.assign(partitions);
        for (TopicPartition partition : partitions) {
          var log = logs.getOrDefault(partition, List.of());
          updateBeginningOffsets(Map.of(partition, 0L));
          updateEndOffsets(Map.of(partition, (long) log.size()));
          log.forEach(this::addRecord);
        }
      }
    }

    void offer(ConsumerRecord<String, byte[]> record) {
      TopicPartition at = new TopicPartition(record.topic(), record.partition());
      if (!closed() && assignment().contains(at)) {
        addRecord(record);
        updateEndOffsets(Map.of(at, record.offset() + 1));
      }
    }

    void fail() {
      setPollException(new org.apache.kafka.clients.consumer.OffsetOutOfRangeException(Map.of()));
    }
  }

  private final class AppendingProducer extends MockProducer<String, byte[]> {

    AppendingProducer() {
      super(true, null, new StringSerializer(), new ByteArraySerializer());
    }

    @Override
    public synchronized Future<RecordMetadata> send(
        ProducerRecord<String, byte[]> record, Callback callback) {
      Topic topic =
          Arrays.stream(Topic.values())
              .filter(known -> known.topicName().equals(record.topic()))
              .findFirst()
              .orElseThrow();
      int partition =
          record.partition() != null
              ? record.partition()
              : CheckpointPartitioner.partition(record.key(), topic.partitions(PARTITIONS));
      long offset = append(topic, partition, record.key(), record.value(), record.headers());
      return CompletableFuture.completedFuture(
          new RecordMetadata(new TopicPartition(record.topic(), partition), offset, 0, 0, 0, 0));
    }
  }
}
