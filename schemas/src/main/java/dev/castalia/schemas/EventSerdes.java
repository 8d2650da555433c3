package dev.castalia.schemas;

import io.apicurio.registry.resolver.config.SchemaResolverConfig;
import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.apicurio.registry.serde.avro.AvroSerdeConfig;
import io.apicurio.registry.serde.avro.strategy.QualifiedRecordIdStrategy;
import io.apicurio.registry.serde.config.IdOption;
import io.apicurio.registry.serde.config.SerdeConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Writes and reads events in Confluent's framing: a zero byte, the schema's id as a 4-byte
 * big-endian integer, the record in Avro's binary encoding. A schema is registered in the default
 * group under the record's full name, whole, without references, so that one request by id gives
 * all a reader needs.
 *
 * <p>An event is read by the schema it was written with and resolved to the one compiled in here.
 */
public final class EventSerdes {

  static {
    // Garbage can claim to hold gigabytes: no text or list is longer than an event.
    for (String limit :
        List.of("bytes.maxLength", "string.maxLength", "collectionItems.maxLength")) {
      System.setProperty(
          "org.apache.avro.limits." + limit, Integer.toString(Topic.MAX_EVENT_BYTES));
    }
  }

  private final Map<String, Object> settings;

  /**
   * @param registryUrl base URL of the registry's own API, for example {@code
   *     http://localhost:8081/apis/registry/v3}
   */
  public EventSerdes(String registryUrl) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(SchemaResolverConfig.REGISTRY_URL, registryUrl);
    settings.put(
        SchemaResolverConfig.ARTIFACT_RESOLVER_STRATEGY, QualifiedRecordIdStrategy.class.getName());
    settings.put(SchemaResolverConfig.AUTO_REGISTER_ARTIFACT, true);
    settings.put(SchemaResolverConfig.DEREFERENCE_SCHEMA, true);
    // A registry that is down must not stop those who already know the schemas.
    settings.put(SchemaResolverConfig.FAULT_TOLERANT_REFRESH, true);
    settings.put(SerdeConfig.USE_ID, IdOption.contentId.name());
    settings.put(AvroSerdeConfig.USE_SPECIFIC_AVRO_READER, true);
    settings.put(AvroSerdeConfig.AVRO_DATUM_PROVIDER, EventDatumProvider.class);
    this.settings = Map.copyOf(settings);
  }

  /** A new serde of one kind of record, for any number of threads. */
  public <T extends SpecificRecord> Serde<T> of(Class<T> type) {
    return Serdes.serdeFrom(
        PerThread.<T>serializer(this::serializer), PerThread.<T>deserializer(this::deserializer));
  }

  /** A new serializer. Not to be shared between threads. */
  public <T extends SpecificRecord> Serializer<T> serializer() {
    AvroKafkaSerializer<T> serializer = new AvroKafkaSerializer<>();
    serializer.setSchemaResolver(new InsistentResolver<>());
    serializer.configure(settings, false);
    return serializer;
  }

  /**
   * A new deserializer; its caller vouches for the type, or reads {@link SpecificRecord} and looks.
   * Not to be shared between threads.
   *
   * @param <T> what the topic holds
   */
  public <T extends SpecificRecord> Deserializer<T> deserializer() {
    AvroKafkaDeserializer<T> deserializer = new AvroKafkaDeserializer<>();
    deserializer.setSchemaResolver(new InsistentResolver<>());
    deserializer.configure(settings, false);
    return deserializer;
  }
}
