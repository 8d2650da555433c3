package dev.castalia.scoring.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.castalia.scoring.checkpoint.DType;
import dev.castalia.scoring.checkpoint.StoredTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes an ONNX graph node by node. Stored tensors become initializers whose data is external: a
 * path below {@code root}, an offset and a length, so the model's bytes are the checkpoint's own.
 */
final class OnnxGraph {

  /** A tensor in the graph, by its name there. */
  record Value(String name) {}

  /** An attribute of a node. */
  record Attribute(String name, Object value) {}

  static final String MICROSOFT = "com.microsoft";

  private static final long OPSET = 23;
  private static final long IR_VERSION = 11;

  private final Path root;
  private final GraphProto.Builder graph;
  private final Map<String, Value> weights = new HashMap<>();
  private int named;

  OnnxGraph(String name, Path root) {
    this.root = root;
    this.graph = GraphProto.newBuilder().setName(name);
  }

  static Attribute attribute(String name, long value) {
    return new Attribute(name, value);
  }

  static Attribute attribute(String name, float value) {
    return new Attribute(name, value);
  }

  /** A dimension is a number, or a name for one that varies. */
  Value input(String name, TensorProto.DataType type, Object... dimensions) {
    graph.addInput(info(name, type, dimensions));
    return new Value(name);
  }

  void output(Value value, TensorProto.DataType type, Object... dimensions) {
    graph.addOutput(info(value.name(), type, dimensions));
  }

  /** A stored tensor in its own type, from where it lies. */
  Value stored(StoredTensor tensor) {
    return weights.computeIfAbsent(
        tensor.name(),
        name -> {
          graph.addInitializer(
              TensorProto.newBuilder()
                  .setName(name)
                  .setDataType(type(tensor.dtype()).getNumber())
                  .addAllDims(tensor.shape())
                  .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                  .addExternalData(entry("location", location(tensor.file())))
                  .addExternalData(entry("offset", Long.toString(tensor.offset())))
                  .addExternalData(entry("length", Long.toString(tensor.length()))));
          return new Value(name);
        });
  }

  Value cast(Value value, TensorProto.DataType type) {
    return node("Cast", List.of(value), attribute("to", type.getNumber()));
  }

  Value integers(long... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return constant(TensorProto.DataType.INT64, bytes, values.length);
  }

  Value floats(float[] values, long... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return constant(TensorProto.DataType.FLOAT, bytes, shape);
  }

  Value node(String operator, List<Value> inputs, Attribute... attributes) {
    return nodes("", operator, 1, inputs, attributes).getFirst();
  }

  List<Value> nodes(
      String domain, String operator, int outputs, List<Value> inputs, Attribute... attributes) {
    NodeProto.Builder node = NodeProto.newBuilder().setDomain(domain).setOpType(operator);
    inputs.forEach(input -> node.addInput(input.name()));
    Value[] values = new Value[outputs];
    for (int i = 0; i < outputs; i++) {
      values[i] = fresh(operator);
      node.addOutput(values[i].name());
    }
    for (Attribute attribute : attributes) {
      node.addAttribute(proto(attribute));
    }
    graph.addNode(node);
    return List.of(values);
  }

  /** The same value under a name of its own, for an output. */
  Value named(String name, Value value) {
    graph.addNode(
        NodeProto.newBuilder().setOpType("Identity").addInput(value.name()).addOutput(name));
    return new Value(name);
  }

  /** The finished model. */
  byte[] model() {
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .setProducerName("castalia")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(MICROSOFT).setVersion(1))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private Value constant(TensorProto.DataType type, ByteBuffer bytes, long... shape) {
    Value value = fresh("constant");
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(value.name())
            .setDataType(type.getNumber())
            .setRawData(ByteString.copyFrom(bytes.rewind()));
    for (long extent : shape) {
      tensor.addDims(extent);
    }
    graph.addInitializer(tensor);
    return value;
  }

  private Value fresh(String stem) {
    return new Value(stem + "_" + named++);
  }

  private String location(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  private static AttributeProto proto(Attribute attribute) {
    AttributeProto.Builder proto = AttributeProto.newBuilder().setName(attribute.name());
    return switch (attribute.value()) {
      case Float real -> proto.setType(AttributeProto.AttributeType.FLOAT).setF(real).build();
      case Long whole -> proto.setType(AttributeProto.AttributeType.INT).setI(whole).build();
      default -> throw new IllegalArgumentException("attribute " + attribute);
    };
  }

  private static ValueInfoProto info(String name, TensorProto.DataType type, Object... dimensions) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object dimension : dimensions) {
      TensorShapeProto.Dimension.Builder extent = shape.addDimBuilder();
      if (dimension instanceof Number number) {
        extent.setDimValue(number.longValue());
      } else {
        extent.setDimParam((String) dimension);
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
        .build();
  }

  private static TensorProto.DataType type(DType dtype) {
    return switch (dtype) {
      case F32 -> TensorProto.DataType.FLOAT;
      case F16 -> TensorProto.DataType.FLOAT16;
      case BF16 -> TensorProto.DataType.BFLOAT16;
      default -> throw new IllegalArgumentException(dtype + " holds no weights");
    };
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }
}
