package dev.castalia.gateway.cluster;

import com.microsoft.kiota.ApiException;
import dev.castalia.gateway.GatewayConfig;
import dev.castalia.schemas.EventSerdes;
import dev.castalia.schemas.Topic;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/** Events in the registry's framing. Schemas are asked for once and kept. */
@Singleton
public class RegistryCodec implements EventCodec {

  /** A zero byte and the schema's id. */
  private static final int FRAME_BYTES = 5;

  static {
    // Garbage can claim to hold gigabytes: no string or list is longer than a record.
    for (String limit :
        List.of("bytes.maxLength", "string.maxLength", "collectionItems.maxLength")) {
      System.setProperty(
          "org.apache.avro.limits." + limit, Integer.toString(Topic.MAX_RECORD_BYTES));
    }
  }

  private final GatewayConfig config;
  private Serializer<SpecificRecord> serializer;
  private Deserializer<SpecificRecord> deserializer;

  RegistryCodec(GatewayConfig config) {
    this.config = config;
  }

  @Override
  public byte[] encode(Topic topic, SpecificRecord event) throws RegistryUnavailableException {
    try {
      return serialize(topic, event);
    } catch (RuntimeException e) {
      throw new RegistryUnavailableException(e);
    }
  }

  private synchronized byte[] serialize(Topic topic, SpecificRecord event) {
    if (serializer == null) {
      serializer = new EventSerdes(config.registryUrl()).serializer();
    }
    return serializer.serialize(topic.topicName(), event);
  }

  @Override
  public SpecificRecord decode(Topic topic, byte[] bytes)
      throws RegistryUnavailableException, UnreadableEventException {
    if (bytes.length < FRAME_BYTES || bytes[0] != 0) {
      throw new UnreadableEventException(
          bytes.length + " bytes that do not start with a zero byte and a schema's id", null);
    }
    SpecificRecord event;
    try {
      event = deserialize(topic, bytes);
    } catch (RuntimeException e) {
      if (isOutage(e)) {
        throw new RegistryUnavailableException(e);
      }
      throw new UnreadableEventException(reason(bytes, e), e);
    }
    if (!topic.events().contains(event.getClass())) {
      throw new UnreadableEventException(
          "a " + event.getSchema().getName() + ", which does not belong here", null);
    }
    return event;
  }

  private SpecificRecord deserialize(Topic topic, byte[] bytes) {
    return deserializer().deserialize(topic.topicName(), bytes);
  }

  private synchronized Deserializer<SpecificRecord> deserializer() {
    if (deserializer == null) {
      deserializer = new EventSerdes(config.registryUrl()).deserializer();
    }
    return deserializer;
  }

  /** Avro, too, throws an {@link java.io.IOException} for bytes that mean nothing: name ours. */
  static boolean isOutage(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SocketException
          || cause instanceof UnknownHostException
          || cause instanceof InterruptedIOException
          || cause instanceof ClosedChannelException
          || cause instanceof HttpTimeoutException
          || cause instanceof TimeoutException
          || cause instanceof ApiException answer && answer.getResponseStatusCode() >= 500) {
        return true;
      }
    }
    return false;
  }

  private static String reason(byte[] bytes, Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return "by schema id %d, which it names, it cannot be read (%s)"
        .formatted(ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt(), brief(root));
  }

  private static String brief(Throwable root) {
    String name = root.getClass().getSimpleName();
    return root.getMessage() == null ? name : name + ": " + root.getMessage();
  }

  @PreDestroy
  synchronized void close() {
    if (serializer != null) {
      serializer.close();
    }
    if (deserializer != null) {
      deserializer.close();
    }
  }
}
