package dev.castalia.gateway.cluster;

import dev.castalia.schemas.Topic;
import java.util.Collection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** The gateway's connections to Kafka. */
public interface ClusterClients {

  /** A new consumer without a group, that sees committed records only. The caller closes it. */
  Consumer<String, byte[]> consumer();

  /** The one producer; safe to share between threads. */
  Producer<String, byte[]> producer();

  /**
   * What tells these topics apart from others of the same names in another cluster, or created
   * again in this one.
   *
   * @throws RuntimeException if the cluster cannot be asked, or lacks one of the topics
   */
  String identity(Collection<Topic> topics);
}
