package dev.castalia.scoring.task.data;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.castalia.scoring.TaskException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Struct_;
import org.apache.arrow.flatbuf.Type;
import org.junit.jupiter.api.Test;

class ArrowStreamTest {

  private static final int BODY = 8;

  private final FlatBufferBuilder builder = new FlatBufferBuilder();

  @Test
  void structuresWithinStructuresWithoutEndAreNotFollowed() {
    byte[] stream = structures(50_000);

    assertThatThrownBy(() -> ArrowStream.parse(Path.of("deep.arrow"), stream))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("deep.arrow")
        .hasMessageContaining("nested more than 100 deep");
  }

  /** One row of so many structures, each the only field of the one around it. */
  private byte[] structures(int count) {
    byte[] schema = message(MessageHeader.Schema, schema(count), 0);
    builder.clear();
    byte[] batch = message(MessageHeader.RecordBatch, batch(count), BODY);
    return ByteBuffer.allocate(schema.length + batch.length + BODY).put(schema).put(batch).array();
  }

  private int schema(int count) {
    int name = builder.createString("x");
    Struct_.startStruct_(builder);
    int type = Struct_.endStruct_(builder);
    int field = 0;
    for (int i = 0; i < count; i++) {
      int children = Field.createChildrenVector(builder, i == 0 ? new int[0] : new int[] {field});
      field = Field.createField(builder, name, false, Type.Struct_, type, 0, children, 0);
    }
    int fields = Schema.createFieldsVector(builder, new int[] {field});
    return Schema.createSchema(builder, (short) 0, fields, 0, 0);
  }

  private int batch(int count) {
    RecordBatch.startNodesVector(builder, count);
    for (int i = 0; i < count; i++) {
      FieldNode.createFieldNode(builder, 1, 0);
    }
    int nodes = builder.endVector();
    RecordBatch.startBuffersVector(builder, count);
    for (int i = 0; i < count; i++) {
      Buffer.createBuffer(builder, 0, 0);
    }
    int buffers = builder.endVector();
    return RecordBatch.createRecordBatch(builder, 1, nodes, buffers, 0, 0);
  }

  private byte[] message(byte type, int header, int body) {
    builder.finish(Message.createMessage(builder, MetadataVersion.V5, type, header, body, 0));
    byte[] message = builder.sizedByteArray();
    return ByteBuffer.allocate(2 * Integer.BYTES + message.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(-1)
        .putInt(message.length)
        .put(message)
        .array();
  }
}
