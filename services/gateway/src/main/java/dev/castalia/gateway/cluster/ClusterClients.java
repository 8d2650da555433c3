package dev.castalia.gateway.cluster;

import dev.castalia.schemas.Topic;
import java.util.Collection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/** The gateway's connections to Kafka. */
public interface ClusterClients {

  /** A new consumer without a group, that sees committed records only. The caller closes it. */
  Consumer<String, byte[]> consumer();

  /** The one producer; safe to share between threads. */
  Producer<String, byte[]> producer();

  /**
   * What the aggregator has not read.
   *
   * @param scores records of the topics of scores
   * @param others of the other topics that it reads, its own included
   * @param findings the end of the topic of findings when both had been asked for
   */
  record Unread(long scores, long others, long findings) {}

  /**
   * How far behind the aggregator is.
   *
   * @throws KafkaException if the cluster cannot be asked
   */
  Unread unread();

  /**
   * What tells these topics apart from others of the same names in another cluster, or created
   * again in this one.
   *
   * @throws KafkaException if the cluster cannot be asked, or lacks one of the topics
   */
  String identity(Collection<Topic> topics);
}
