package dev.castalia.schemas;

import java.time.Duration;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads events, and tells what can never be read from what cannot be read while the registry is
 * away: the latter must not end as a dead letter, so it is tried again for a while.
 */
public final class EventReader {

  private static final Logger LOG = LoggerFactory.getLogger(EventReader.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int TRIES = 60;

  private final Deserializer<SpecificRecord> deserializer;

  public EventReader(Deserializer<SpecificRecord> deserializer) {
    this.deserializer = deserializer;
  }

  /**
   * @throws UnreadableEventException if the bytes are no event
   * @throws IllegalStateException if the registry stayed away; the record is to be read again
   */
  public SpecificRecord read(String topic, byte[] bytes) throws UnreadableEventException {
    if (bytes.length > Topic.MAX_EVENT_BYTES) {
      throw new UnreadableEventException(
          "it has %d bytes where an event has %d at most"
              .formatted(bytes.length, Topic.MAX_EVENT_BYTES));
    }
    for (int tries = 1; ; tries++) {
      try {
        return deserializer.deserialize(topic, bytes);
      } catch (RuntimeException e) {
        if (!RegistryOutage.isBehind(e)) {
          throw new UnreadableEventException(message(e), e);
        }
        if (tries == TRIES) {
          throw new IllegalStateException("the schema registry has been away for too long", e);
        }
        LOG.warn("The schema registry is away ({}); trying again in {}", message(e), PAUSE);
        pause(e);
      }
    }
  }

  private static void pause(RuntimeException reason) {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the schema registry was away", reason);
    }
  }

  private static String message(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
