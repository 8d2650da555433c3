package dev.castalia.gateway.cluster;

import dev.castalia.gateway.GatewayConfig;
import dev.castalia.gateway.api.Rules;
import dev.castalia.gateway.cluster.EventCodec.RegistryUnavailableException;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.gateway.view.Views;
import dev.castalia.schemas.Topic;
import dev.castalia.schemas.Traces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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

  @Inject
  EventWriter(ClusterClients clients, EventCodec codec, Views views, GatewayConfig config) {
    this(clients, codec, views, config.gateway().writeTimeout());
  }

  /**
   * @param timeout how long a write may take, from the first event sent to the last read back
   */
  EventWriter(ClusterClients clients, EventCodec codec, Views views, Duration timeout) {
    this.clients = clients;
    this.codec = codec;
    this.views = views;
    this.timeout = timeout;
  }

  /**
   * An event under its key.
   *
   * @param event null deletes what the key has
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

  /** A new turn, which others wait for no longer than a write may take. */
  public Turn turn() {
    return new Turn(timeout);
  }

  /**
   * Writes the events in this order.
   *
   * @param topic one that is served
   * @throws ProblemException if they could not be written, or read back in time; some of them may
   *     have been, and writing them again does no harm
   */
  public void write(Topic topic, List<Entry> entries) {
    List<ProducerRecord<String, byte[]>> records = records(topic, entries);
    long deadline = deadline();
    Map<Integer, Long> last = send(records, deadline);
    try {
      for (var partition : last.entrySet()) {
        views.await(topic, partition.getKey(), partition.getValue(), left(deadline));
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
   * @throws ProblemException if they could not be written; some of them may have been
   */
  public void send(Topic topic, List<Entry> entries) {
    send(records(topic, entries), deadline());
  }

  private long deadline() {
    return System.nanoTime() + timeout.toNanos();
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  /** The last offset written, by partition. */
  private Map<Integer, Long> send(List<ProducerRecord<String, byte[]>> records, long deadline) {
    try {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (ProducerRecord<String, byte[]> record : records) {
        Future<RecordMetadata> future = clients.producer().send(record);
        if (future.state() == Future.State.FAILED) {
          // So would the next one, each after the time that a producer waits for a broker.
          throw new ExecutionException(future.exceptionNow());
        }
        sent.add(future);
      }
      Map<Integer, Long> last = new HashMap<>();
      for (Future<RecordMetadata> future : sent) {
        RecordMetadata written = future.get(left(deadline).toNanos(), TimeUnit.NANOSECONDS);
        last.merge(written.partition(), written.offset(), Math::max);
      }
      return last;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ProblemException.unavailable("The gateway is shutting down: try again.");
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      LOG.warnf(e, "Events could not be written to %s", records.getFirst().topic());
      throw ProblemException.unavailable("Kafka did not take it: try again.");
    }
  }

  /** All of them before the first is sent: none is written when one cannot be. */
  private List<ProducerRecord<String, byte[]>> records(Topic topic, List<Entry> entries) {
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    String trace = Traces.current();
    for (Entry entry : entries) {
      var record =
          new ProducerRecord<>(
              topic.topicName(), entry.partition(), entry.key(), encoded(topic, entry));
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

  private byte[] encoded(Topic topic, Entry entry) {
    if (entry.event() == null) {
      return null;
    }
    byte[] event;
    try {
      event = codec.encode(topic, entry.event());
    } catch (RegistryUnavailableException e) {
      LOG.warnf(e, "Events for %s could not be serialised", topic.topicName());
      throw ProblemException.unavailable(
          "The schema registry does not answer, so nothing was written: try again.");
    }
    if (event.length > Topic.MAX_EVENT_BYTES) {
      throw ProblemException.unprocessable(
          "event-too-large",
          "Event too large",
          "%s has %d bytes as an event, where %d at most are taken: shorten what it says; nothing was written."
              .formatted(entry.key(), event.length, Topic.MAX_EVENT_BYTES));
    }
    return event;
  }
}
