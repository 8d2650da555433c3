package dev.castalia.topology.state;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Bytes for the topology's own stores and repartition topics: one byte for the type, then Avro's
 * binary encoding. No registry takes part, so state can be read with the registry down. The types
 * and their order are part of the format: a change to them, or to a record, goes with a new number
 * in {@link dev.castalia.schemas.Groups#AGGREGATOR}.
 *
 * <p>Safe for use by several threads.
 */
public final class StateSerde
    implements Serde<SpecificRecord>, Serializer<SpecificRecord>, Deserializer<SpecificRecord> {

  private final Map<Class<?>, Integer> tags = new HashMap<>();
  private final List<SpecificDatumWriter<SpecificRecord>> writers = new ArrayList<>();
  private final List<SpecificDatumReader<SpecificRecord>> readers = new ArrayList<>();

  /** A serde of values that are of one of these types. */
  @SafeVarargs
  public StateSerde(Class<? extends SpecificRecord>... types) {
    this(List.of(types));
  }

  /** A serde of values that are of one of these types. */
  public StateSerde(List<Class<? extends SpecificRecord>> types) {
    for (Class<? extends SpecificRecord> type : types) {
      tags.put(type, tags.size());
      var schema = SpecificData.get().getSchema(type);
      var data = SpecificData.getForClass(type);
      // Writes as the generated class does, several times faster than by its schema.
      data.setCustomCoders(true);
      writers.add(new SpecificDatumWriter<>(schema, data));
      readers.add(new SpecificDatumReader<>(schema, schema, data));
    }
  }

  @Override
  public byte[] serialize(String topic, SpecificRecord value) {
    if (value == null) {
      return null;
    }
    Integer tag = tags.get(value.getClass());
    if (tag == null) {
      throw new IllegalArgumentException(
          value.getClass().getName() + " is not one of the types kept in " + topic);
    }
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream(512);
      out.write(tag);
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      writers.get(tag).write(value, encoder);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public SpecificRecord deserialize(String topic, byte[] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, 1, bytes.length - 1, null);
      return readers.get(bytes[0]).read(null, decoder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Serializer<SpecificRecord> serializer() {
    return this;
  }

  @Override
  public Deserializer<SpecificRecord> deserializer() {
    return this;
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {}

  @Override
  public void close() {}
}
