package dev.castalia.scorer;

import dev.castalia.events.EvaluationRequested;
import dev.castalia.schemas.EventReader;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.UnreadableEventException;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads requests, and puts aside what is none. Safe for use by several threads. */
final class Requests {

  private final EventReader reader;
  private final Answers answers;
  private final ScorerMetrics metrics;
  private final String pool;

  /**
   * @param pool the pool whose requests are meant; empty for those of none
   */
  Requests(EventReader reader, Answers answers, ScorerMetrics metrics, String pool) {
    this.reader = reader;
    this.answers = answers;
    this.metrics = metrics;
    this.pool = pool;
  }

  /**
   * The request, or empty when the record is another pool's, or is none and was put aside.
   *
   * @throws IllegalStateException if the registry stayed away; the record is then to be released
   */
  Optional<EvaluationRequested> read(ConsumerRecord<String, byte[]> record) {
    try {
      return Optional.of(request(record)).filter(it -> it.getPool().equals(pool));
    } catch (UnreadableEventException e) {
      answers.putAside(record, e.getMessage());
      metrics.putAside();
      return Optional.empty();
    }
  }

  private EvaluationRequested request(ConsumerRecord<String, byte[]> record)
      throws UnreadableEventException {
    if (record.value() == null) {
      throw new UnreadableEventException("it has no value");
    }
    SpecificRecord event;
    synchronized (reader) {
      event = reader.read(record.topic(), record.value());
    }
    if (!(event instanceof EvaluationRequested request)) {
      throw new UnreadableEventException(event.getSchema().getFullName() + " is no request");
    }
    String key = Keys.of(request.getCheckpoint());
    if (!key.equals(record.key())) {
      throw new UnreadableEventException(
          "the key is \"%s\" but the value's is \"%s\"".formatted(record.key(), key));
    }
    return request;
  }
}
