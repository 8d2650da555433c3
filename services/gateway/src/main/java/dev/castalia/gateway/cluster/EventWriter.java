package dev.castalia.gateway.cluster;

import dev.castalia.gateway.GatewayConfig;
import dev.castalia.gateway.api.Rules;
import dev.castalia.gateway.cluster.EventCodec.RegistryUnavailableException;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.gateway.view.Views;
import dev.castalia.schemas.Topic;
import dev.castalia.schemas.Traces;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jboss.logging.Logger;

/**
 * Writes events, and returns when this gateway has read them: who writes then reads what it wrote.
 */
@Singleton
public class EventWriter {

  private static final Logger LOG = Logger.getLogger(EventWriter.class);

  private final ClusterClients clients;
  private final EventCodec codec;
  private final Views views;
  private final Duration timeout;

  EventWriter(ClusterClients clients, EventCodec codec, Views views, GatewayConfig config) {
    this.clients = clients;
    this.codec = codec;
    this.views = views;
    this.timeout = config.gateway().writeTimeout();
  }

  /**
   * An event under its key.
   *
   * @param headers record headers, as text
   * @param partition null for the one that the key hashes to
   */
  public record Entry(
      String key, SpecificRecord event, Map<String, String> headers, Integer partition) {

    /**
     * @throws ProblemException if the event breaks a rule
     */
    public Entry(SpecificRecord event, Map<String, String> headers) {
      this(Rules.check(event), event, headers, null);
    }

    /**
     * @throws ProblemException if the event breaks a rule
     */
    public Entry(SpecificRecord event) {
      this(event, Map.of());
    }

    /** The same in that partition, whatever its key. */
    public Entry in(int thatPartition) {
      return new Entry(key, event, headers, thatPartition);
    }
  }

  /**
   * Writes the events in this order.
   *
   * @param topic one that is served
   * @throws ProblemException if they could not be written, or read back in time; some of them may
   *     have been, and writing them again does no harm
   */
  public void write(Topic topic, List<Entry> entries) {
    Map<Integer, Long> last = send(topic, entries);
    try {
      for (var partition : last.entrySet()) {
        views.await(topic, partition.getKey(), partition.getValue(), timeout);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ProblemException.unavailable("The gateway is shutting down: try again.");
    } catch (TimeoutException e) {
      LOG.warn(e.getMessage());
      throw ProblemException.unavailable(
          "It was written but not read back within %s: see whether it is there, or try again."
              .formatted(timeout));
    }
  }

  /**
   * Writes the events in this order, and returns when Kafka has them.
   *
   * @return the last offset written, by partition
   * @throws ProblemException if they could not be written; some of them may have been
   */
  public Map<Integer, Long> send(Topic topic, List<Entry> entries) {
    try {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (ProducerRecord<String, byte[]> record : records(topic, entries)) {
        sent.add(clients.producer().send(record));
      }
      Map<Integer, Long> last = new HashMap<>();
      for (Future<RecordMetadata> future : sent) {
        RecordMetadata written = future.get();
        last.merge(written.partition(), written.offset(), Math::max);
      }
      return last;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ProblemException.unavailable("The gateway is shutting down: try again.");
    } catch (RegistryUnavailableException e) {
      LOG.warnf(e, "Events for %s could not be serialised", topic.topicName());
      throw ProblemException.unavailable(
          "The schema registry does not answer, so nothing was written: try again.");
    } catch (ExecutionException | RuntimeException e) {
      LOG.warnf(e, "Events could not be written to %s", topic.topicName());
      throw ProblemException.unavailable("Kafka did not take it: try again.");
    }
  }

  /** All of them before the first is sent: none is written when one cannot be. */
  private List<ProducerRecord<String, byte[]>> records(Topic topic, List<Entry> entries)
      throws RegistryUnavailableException {
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    String trace = Traces.current();
    for (Entry entry : entries) {
      var record =
          new ProducerRecord<>(
              topic.topicName(),
              entry.partition(),
              entry.key(),
              codec.encode(topic, entry.event()));
      entry
          .headers()
          .forEach(
              (name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
      if (trace != null) {
        record.headers().add(Traces.HEADER, trace.getBytes(StandardCharsets.UTF_8));
      }
      records.add(record);
    }
    return records;
  }
}
