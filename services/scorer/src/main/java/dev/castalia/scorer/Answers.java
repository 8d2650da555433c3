package dev.castalia.scorer;

import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.FailureKind;
import dev.castalia.events.SliceScored;
import dev.castalia.schemas.CheckpointPartitioner;
import dev.castalia.schemas.DeadLetter;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Topic;
import dev.castalia.schemas.Traces;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.Serializer;

/** Sends scores and failures to where their checkpoint's ledger partition reads them. */
final class Answers {

  private final Producer<String, byte[]> producer;
  private final Serializer<SpecificRecord> serializer;

  Answers(Producer<String, byte[]> producer, Serializer<SpecificRecord> serializer) {
    this.producer = producer;
    this.serializer = serializer;
  }

  /** What one request brings: sent as it comes, and waited for at the end. */
  Batch batch() {
    return new Batch();
  }

  /** Puts a request aside that cannot be read, and says so. */
  void putAside(ConsumerRecord<String, byte[]> record, String reason) {
    DeadLetter letter = new DeadLetter(record.topic(), record.partition(), record.offset(), reason);
    Batch batch = batch();
    batch.send(
        new ProducerRecord<>(
            Topic.DEAD_LETTERS.topicName(),
            null,
            letter.key(),
            record.value(),
            List.of(
                new RecordHeader(
                    DeadLetter.REASON, letter.reason().getBytes(StandardCharsets.UTF_8)))));
    batch.send(
        new ProducerRecord<>(
            Topic.FAILURES.topicName(),
            letter.key(),
            serialize(Topic.FAILURES, letter.failure(Instant.now()))));
    batch.await();
  }

  private synchronized byte[] serialize(Topic topic, SpecificRecord event) {
    return serializer.serialize(topic.topicName(), event);
  }

  /** Records on their way. For one thread. */
  final class Batch {

    private final List<java.util.concurrent.Future<?>> sent = new java.util.ArrayList<>();
    private boolean refusals;

    void send(SliceScored score) {
      send(Topic.SCORES, score.getUnit().getCheckpoint(), Keys.of(score.getUnit()), score);
    }

    void send(EvaluationFailed failure) {
      refusals |= failure.getKind() == FailureKind.REFUSED;
      send(Topic.FAILURES, failure.getUnit().getCheckpoint(), Keys.of(failure.getUnit()), failure);
    }

    /** Puts what is left of a request back on its topic, as if it had not been given out. */
    void handBack(EvaluationRequested rest) {
      send(
          new ProducerRecord<>(
              Topic.REQUESTS.topicName(),
              Keys.of(rest.getCheckpoint()),
              serialize(Topic.REQUESTS, rest)));
    }

    /** Whether one of the failures is a refusal. */
    boolean holdsRefusals() {
      return refusals;
    }

    private void send(Topic topic, String checkpoint, String key, SpecificRecord event) {
      int partitions = producer.partitionsFor(topic.topicName()).size();
      send(
          new ProducerRecord<>(
              topic.topicName(),
              CheckpointPartitioner.partition(checkpoint, partitions),
              key,
              serialize(topic, event)));
    }

    private void send(ProducerRecord<String, byte[]> record) {
      Traces.put(record.headers());
      sent.add(producer.send(record));
    }

    /**
     * Returns once the brokers have it all.
     *
     * @throws IllegalStateException if one was not taken; the request is then to be released
     */
    void await() {
      producer.flush();
      for (java.util.concurrent.Future<?> one : sent) {
        try {
          one.get();
        } catch (java.util.concurrent.ExecutionException e) {
          throw new IllegalStateException(
              "an answer did not reach Kafka: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException("interrupted while answers were on their way", e);
        }
      }
    }
  }
}
