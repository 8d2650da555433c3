package dev.castalia.schemas;

import io.apicurio.registry.serde.avro.DefaultAvroDatumProvider;
import java.util.IdentityHashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;

/**
 * Keeps the readers and writers of schemas by the schemas themselves. (The registry's own provider
 * keeps them by a fingerprint, and takes it anew of each record: a tenth of the aggregator's time.)
 * Not to be shared between threads, as the serdes are not.
 */
public final class EventDatumProvider<T> extends DefaultAvroDatumProvider<T> {

  /**
   * Of events there are a few versions; a resolver that gives ever new objects must not fill
   * memory.
   */
  private static final int MOST = 200;

  private final Map<Schema, DatumReader<T>> readers = new IdentityHashMap<>();
  private final Map<Schema, DatumWriter<T>> writers = new IdentityHashMap<>();

  @Override
  public DatumReader<T> createDatumReader(Schema schema) {
    DatumReader<T> reader = readers.get(schema);
    if (reader == null) {
      reader = super.createDatumReader(schema);
      put(readers, schema, reader);
    }
    return reader;
  }

  @Override
  public DatumWriter<T> createDatumWriter(T data, Schema schema) {
    DatumWriter<T> writer = writers.get(schema);
    if (writer == null) {
      writer = super.createDatumWriter(data, schema);
      put(writers, schema, writer);
    }
    return writer;
  }

  private static <V> void put(Map<Schema, V> kept, Schema schema, V value) {
    if (kept.size() == MOST) {
      kept.clear();
    }
    kept.put(schema, value);
  }
}
