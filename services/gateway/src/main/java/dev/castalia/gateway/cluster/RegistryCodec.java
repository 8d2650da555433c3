package dev.castalia.gateway.cluster;

import dev.castalia.gateway.GatewayConfig;
import dev.castalia.schemas.EventSerdes;
import dev.castalia.schemas.RegistryOutage;
import dev.castalia.schemas.Topic;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/** Events in the registry's framing. Schemas are asked for once and kept. */
@Singleton
public class RegistryCodec implements EventCodec {

  /** A zero byte and the schema's id. */
  private static final int FRAME_BYTES = 5;

  private final String registryUrl;
  private Serializer<SpecificRecord> serializer;
  private Deserializer<SpecificRecord> deserializer;

  @Inject
  RegistryCodec(GatewayConfig config) {
    this(config.registryUrl());
  }

  RegistryCodec(String registryUrl) {
    this.registryUrl = registryUrl;
  }

  @Override
  public byte[] encode(Topic topic, SpecificRecord event) throws RegistryUnavailableException {
    try {
      return serialize(topic, event);
    } catch (RuntimeException e) {
      if (RegistryOutage.isBehind(e)) {
        throw new RegistryUnavailableException(e);
      }
      throw e;
    }
  }

  private synchronized byte[] serialize(Topic topic, SpecificRecord event) {
    if (serializer == null) {
      serializer = new EventSerdes(registryUrl).serializer();
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
      if (RegistryOutage.isBehind(e)) {
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
      deserializer = new EventSerdes(registryUrl).deserializer();
    }
    return deserializer;
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
