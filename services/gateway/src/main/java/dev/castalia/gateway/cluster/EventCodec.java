package dev.castalia.gateway.cluster;

import dev.castalia.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;

/** Events from and to the bytes in a topic. Safe to share between threads. */
public interface EventCodec {

  /**
   * @throws RegistryUnavailableException if the schema could not be asked for: try again
   * @throws RuntimeException if the event is none of its schema, now and for ever
   */
  byte[] encode(Topic topic, SpecificRecord event) throws RegistryUnavailableException;

  /**
   * @return an event of one of the topic's kinds
   * @throws RegistryUnavailableException if the schema could not be asked for: try again
   * @throws UnreadableEventException if these bytes are no such event, now and for ever
   */
  SpecificRecord decode(Topic topic, byte[] bytes)
      throws RegistryUnavailableException, UnreadableEventException;

  /** The registry did not answer. */
  final class RegistryUnavailableException extends Exception {
    public RegistryUnavailableException(Throwable cause) {
      super(String.valueOf(cause.getMessage()), cause);
    }
  }

  /** The bytes are not an event of the topic. */
  final class UnreadableEventException extends Exception {
    public UnreadableEventException(String reason, Throwable cause) {
      super(reason, cause);
    }
  }
}
