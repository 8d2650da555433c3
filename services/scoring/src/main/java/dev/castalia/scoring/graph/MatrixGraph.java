package dev.castalia.scoring.graph;

import static dev.castalia.scoring.graph.OnnxGraph.attribute;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.castalia.scoring.graph.OnnxGraph.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** A chain of products of square matrices, to measure how fast a device multiplies. */
public final class MatrixGraph {

  /** In: float32 [size, size]. */
  public static final String FACTOR = "factor";

  /** Out: the first row of the product, float32 [1, size]. */
  public static final String ROW = "row";

  private MatrixGraph() {}

  /** {@link #FACTOR} times one matrix, {@code products} times over → {@link #ROW}. */
  public static byte[] products(Precision precision, int size, int products) {
    OnnxGraph graph = new OnnxGraph("products", Path.of("/"));
    Value product = graph.cast(graph.input(FACTOR, DataType.FLOAT, size, size), precision.type());
    Value matrix = graph.cast(graph.floats(random(size), size, size), precision.type());
    for (int i = 0; i < products; i++) {
      product = graph.node("Gemm", List.of(product, matrix), attribute("transB", 1));
    }
    Value first = graph.node("Gather", List.of(product, graph.integers(0)), attribute("axis", 0));
    graph.output(graph.named(ROW, graph.cast(first, DataType.FLOAT)), DataType.FLOAT, 1, size);
    return graph.model();
  }

  /** Scaled so that products neither grow nor vanish. */
  private static float[] random(int size) {
    Random random = new Random(0);
    float[] values = new float[size * size];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() / Math.sqrt(size));
    }
    return values;
  }
}
