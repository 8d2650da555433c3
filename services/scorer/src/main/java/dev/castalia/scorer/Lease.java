package dev.castalia.scorer;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * One record held under the share group's lock. Renewing hands the same record out again, so the
 * lease always speaks for the latest one. For the thread of its consumer alone.
 */
final class Lease {

  private static final Logger LOG = Logger.getLogger(Lease.class);
  private static final Duration POLL = Duration.ofSeconds(5);

  private final ShareConsumer<String, byte[]> consumer;
  private ConsumerRecord<String, byte[]> record;
  private boolean lost;
  private RuntimeException failure;

  Lease(ShareConsumer<String, byte[]> consumer, ConsumerRecord<String, byte[]> record) {
    this.consumer = consumer;
    this.record = record;
  }

  /** Extends the lock; false when it is somebody else's by now, or will be. */
  boolean renew() {
    try {
      return extend();
    } catch (RuntimeException e) {
      LOG.warnf(
          "The lock on the request at offset %d of partition %d cannot be renewed: %s",
          record.offset(), record.partition(), e.getMessage());
      failure = e;
      lost = true;
      return false;
    }
  }

  private boolean extend() {
    if (!commit(AcknowledgeType.RENEW)) {
      return false;
    }
    ConsumerRecords<String, byte[]> renewed = consumer.poll(POLL);
    for (ConsumerRecord<String, byte[]> again : renewed) {
      record = again;
      return true;
    }
    lost = true;
    return false;
  }

  /**
   * Ends the lease; what it says of a record that is somebody else's by now has no effect.
   *
   * @throws RuntimeException if Kafka failed, now or when the lock was to be renewed
   */
  void end(AcknowledgeType how) {
    if (failure != null) {
      throw failure;
    }
    if (!lost) {
      commit(how);
    }
  }

  private boolean commit(AcknowledgeType how) {
    consumer.acknowledge(record, how);
    for (Optional<KafkaException> failure : consumer.commitSync().values()) {
      if (failure.isPresent()) {
        LOG.warnf(
            "The lock on the request at offset %d of partition %d is lost: %s",
            record.offset(), record.partition(), failure.get().getMessage());
        lost = true;
      }
    }
    return !lost;
  }
}
