package dev.castalia.scoring.task.data;

import dev.castalia.scoring.TaskException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Type;

/**
 * Arrow's streaming format, in which the datasets library keeps what it has downloaded: a schema,
 * then batches of columns. Of Arrow's types those that tasks have: texts, numbers, truth values,
 * lists and structures. The vectors are read here and not by Arrow's own library, whose memory
 * management needs the JDK's internals opened on the command line.
 *
 * <p>Format: "Arrow Columnar Format", section "Encapsulated message format", version 1.5.
 */
final class ArrowStream {

  private static final int CONTINUATION = -1;

  /** Lists and structures within each other; tasks have three. */
  private static final int DEEPEST = 100;

  private final Path file;
  private final ByteBuffer bytes;
  private Schema schema;

  private ArrowStream(Path file, byte[] bytes) {
    this.file = file;
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static List<Map<String, Object>> parse(Path file, byte[] bytes) {
    try {
      return new ArrowStream(file, bytes).documents();
    } catch (TaskException e) {
      throw e;
    } catch (RuntimeException e) {
      // Numbers that do not fit, tables that point nowhere: FlatBuffers checks none of it.
      throw new TaskException(file + ": not an Arrow stream, or a damaged one: " + e, e);
    }
  }

  private List<Map<String, Object>> documents() {
    List<Map<String, Object>> documents = new ArrayList<>();
    int at = 0;
    while (at + 4 <= bytes.capacity()) {
      if (bytes.getInt(at) == CONTINUATION) {
        at += 4;
      }
      int length = bytes.getInt(at);
      at += 4;
      if (length == 0) {
        break;
      }
      Message message =
          Message.getRootAsMessage(bytes.slice(at, length).order(ByteOrder.LITTLE_ENDIAN));
      at += length;
      int body = Math.toIntExact(message.bodyLength());
      take(message, bytes.slice(at, body).order(ByteOrder.LITTLE_ENDIAN), documents);
      at += body;
    }
    return documents;
  }

  private void take(Message message, ByteBuffer body, List<Map<String, Object>> documents) {
    switch (message.headerType()) {
      case MessageHeader.Schema -> schema = (Schema) message.header(new Schema());
      case MessageHeader.RecordBatch -> {
        if (schema == null) {
          throw new IllegalArgumentException("a batch before the schema");
        }
        RecordBatch batch = (RecordBatch) message.header(new RecordBatch());
        if (batch.compression() != null) {
          throw new TaskException(
              file + ": compressed batches are not read; write it uncompressed");
        }
        documents.addAll(new Batch(batch, body).rows());
      }
      default ->
          throw new TaskException(
              file
                  + ": message of type "
                  + message.headerType()
                  + " is not read; only batches are");
    }
  }

  /** One batch; its columns are taken in the order that their buffers lie in. */
  private final class Batch {

    private final RecordBatch batch;
    private final ByteBuffer body;
    private int nextNode;
    private int nextBuffer;

    Batch(RecordBatch batch, ByteBuffer body) {
      this.batch = batch;
      this.body = body;
    }

    List<Map<String, Object>> rows() {
      int count = Math.toIntExact(batch.length());
      if (count > 8L * body.capacity()) {
        throw new IllegalArgumentException(
            count + " rows in " + body.capacity() + " bytes: each takes a bit at least");
      }
      List<Map<String, Object>> rows = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        rows.add(new LinkedHashMap<>());
      }
      for (int i = 0; i < schema.fieldsLength(); i++) {
        Field field = schema.fields(i);
        List<Object> column = column(field, 0);
        for (int row = 0; row < count; row++) {
          rows.get(row).put(field.name(), column.get(row));
        }
      }
      return rows;
    }

    private List<Object> column(Field field, int depth) {
      if (depth > DEEPEST) {
        throw new IllegalArgumentException("nested more than " + DEEPEST + " deep");
      }
      if (field.dictionary() != null) {
        throw unread(field, "dictionary-encoded");
      }
      FieldNode node = batch.nodes(nextNode++);
      int count = Math.toIntExact(node.length());
      if (count > 8L * body.capacity()) {
        throw new IllegalArgumentException(
            "column %s has %d values in %d bytes".formatted(field.name(), count, body.capacity()));
      }
      if (field.typeType() == Type.Null) {
        return new ArrayList<>(Collections.nCopies(count, null));
      }
      ByteBuffer validity = buffer();
      List<Object> values =
          switch (field.typeType()) {
            case Type.Utf8 -> texts(count, false);
            case Type.LargeUtf8 -> texts(count, true);
            case Type.Bool -> truths(count);
            case Type.Int -> wholes(field, count);
            case Type.FloatingPoint -> reals(field, count);
            case Type.List -> lists(field, count, depth, false);
            case Type.LargeList -> lists(field, count, depth, true);
            case Type.Struct_ -> structures(field, count, depth);
            default -> throw unread(field, Type.name(field.typeType()));
          };
      if (node.nullCount() > 0) {
        for (int i = 0; i < count; i++) {
          if (!bit(validity, i)) {
            values.set(i, null);
          }
        }
      }
      return values;
    }

    private TaskException unread(Field field, String type) {
      return new TaskException(
          "%s: column '%s' is of Arrow type %s, which is not read"
              .formatted(file, field.name(), type));
    }

    private ByteBuffer buffer() {
      Buffer buffer = batch.buffers(nextBuffer++);
      return body.slice(Math.toIntExact(buffer.offset()), Math.toIntExact(buffer.length()))
          .order(ByteOrder.LITTLE_ENDIAN);
    }

    private static boolean bit(ByteBuffer bits, int index) {
      return (bits.get(index >> 3) >> (index & 7) & 1) != 0;
    }

    private static int offset(ByteBuffer offsets, int index, boolean large) {
      return large ? Math.toIntExact(offsets.getLong(8 * index)) : offsets.getInt(4 * index);
    }

    private List<Object> texts(int count, boolean large) {
      ByteBuffer offsets = buffer();
      ByteBuffer data = buffer();
      List<Object> texts = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int from = offset(offsets, i, large);
        byte[] text = new byte[Math.subtractExact(offset(offsets, i + 1, large), from)];
        data.get(from, text);
        texts.add(new String(text, StandardCharsets.UTF_8));
      }
      return texts;
    }

    private List<Object> truths(int count) {
      ByteBuffer data = buffer();
      List<Object> truths = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        truths.add(bit(data, i));
      }
      return truths;
    }

    private List<Object> wholes(Field field, int count) {
      Int type = (Int) field.type(new Int());
      ByteBuffer data = buffer();
      List<Object> numbers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        numbers.add(
            switch (type.bitWidth()) {
              case 8 -> type.isSigned() ? (long) data.get(i) : Byte.toUnsignedLong(data.get(i));
              case 16 ->
                  type.isSigned()
                      ? (long) data.getShort(2 * i)
                      : Short.toUnsignedLong(data.getShort(2 * i));
              case 32 ->
                  type.isSigned()
                      ? (long) data.getInt(4 * i)
                      : Integer.toUnsignedLong(data.getInt(4 * i));
              default -> data.getLong(8 * i);
            });
      }
      return numbers;
    }

    private List<Object> reals(Field field, int count) {
      FloatingPoint type = (FloatingPoint) field.type(new FloatingPoint());
      ByteBuffer data = buffer();
      List<Object> numbers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        numbers.add(
            switch (type.precision()) {
              case Precision.HALF -> (double) Float.float16ToFloat(data.getShort(2 * i));
              case Precision.SINGLE -> (double) data.getFloat(4 * i);
              default -> data.getDouble(8 * i);
            });
      }
      return numbers;
    }

    private List<Object> lists(Field field, int count, int depth, boolean large) {
      ByteBuffer offsets = buffer();
      List<Object> items = column(field.children(0), depth + 1);
      List<Object> lists = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        lists.add(
            new ArrayList<>(
                items.subList(offset(offsets, i, large), offset(offsets, i + 1, large))));
      }
      return lists;
    }

    private List<Object> structures(Field field, int count, int depth) {
      List<Map<String, Object>> rows = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        rows.add(new LinkedHashMap<>());
      }
      for (int child = 0; child < field.childrenLength(); child++) {
        String name = field.children(child).name();
        List<Object> values = column(field.children(child), depth + 1);
        for (int i = 0; i < count; i++) {
          rows.get(i).put(name, values.get(i));
        }
      }
      return new ArrayList<>(rows);
    }
  }
}
