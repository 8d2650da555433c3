package dev.castalia.gateway.support;

import dev.castalia.gateway.cluster.EventCodec;
import dev.castalia.schemas.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/** The framing of the wire, with the place of a schema in the list of all for its id. */
public final class FramedCodec implements EventCodec {

  private static final List<Class<? extends SpecificRecord>> EVENTS =
      Arrays.stream(Topic.values()).flatMap(topic -> topic.events().stream()).toList();

  private volatile boolean registryAnswers = true;

  public void registryAnswers(boolean answers) {
    registryAnswers = answers;
  }

  @Override
  public byte[] encode(Topic topic, SpecificRecord event) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(0);
      out.write(ByteBuffer.allocate(4).putInt(EVENTS.indexOf(event.getClass())).array());
      var encoder = EncoderFactory.get().binaryEncoder(out, null);
      new SpecificDatumWriter<>(event.getSchema()).write(event, encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public SpecificRecord decode(Topic topic, byte[] bytes)
      throws RegistryUnavailableException, UnreadableEventException {
    if (!registryAnswers) {
      throw new RegistryUnavailableException(new IOException("connection refused"));
    }
    if (bytes.length < 5 || bytes[0] != 0) {
      throw new UnreadableEventException("no frame", null);
    }
    int id = ByteBuffer.wrap(bytes, 1, 4).getInt();
    if (id < 0 || id >= EVENTS.size()) {
      throw new UnreadableEventException("no schema " + id, null);
    }
    Schema schema = SpecificData.get().getSchema(EVENTS.get(id));
    try {
      return new SpecificDatumReader<SpecificRecord>(schema, schema, data(EVENTS.get(id)))
          .read(null, DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null));
    } catch (IOException | RuntimeException e) {
      throw new UnreadableEventException("not a " + schema.getName() + ": " + e, e);
    }
  }

  /** Under Quarkus' tests Avro and the events lie in different class loaders. */
  private static SpecificData data(Class<?> event) {
    SpecificData data = new SpecificData(event.getClassLoader());
    data.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
    return data;
  }
}
