package dev.castalia.scoring.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.castalia.scoring.EvaluationException;
import dev.castalia.scoring.graph.MatrixGraph;
import java.nio.FloatBuffer;
import java.util.Map;

/** How fast a device multiplies matrices: the ceiling of what a model could do on it. */
public final class MatrixRate {

  private static final int ROUNDS = 5;

  private MatrixRate() {}

  /**
   * Operations a second, a multiplication and an addition counted as two: the best of some rounds
   * of large products, by the same runtime as a model's and with the same threads and precision.
   *
   * @throws EvaluationException if the runtime fails
   */
  public static double measure(ModelOptions options) {
    boolean gpu = options.device().isGpu();
    int size = gpu ? 4096 : 1024;
    int few = 4;
    int many = gpu ? 204 : 36;
    // What goes in and out is the same for both: the difference is products alone.
    double seconds = seconds(options, size, many) - seconds(options, size, few);
    return 2.0 * size * size * size * (many - few) / seconds;
  }

  private static double seconds(ModelOptions options, int size, int products) {
    byte[] graph = MatrixGraph.products(options.precision(), size, products);
    try (OrtSession.SessionOptions settings = Sessions.settings(options);
        OrtSession session = OnnxRuntime.ENVIRONMENT.createSession(graph, settings);
        OnnxTensor factor =
            OnnxTensor.createTensor(
                OnnxRuntime.ENVIRONMENT, ones(size * size), new long[] {size, size})) {
      double best = Double.POSITIVE_INFINITY;
      for (int round = 0; round <= ROUNDS; round++) {
        long start = System.nanoTime();
        session.run(Map.of(MatrixGraph.FACTOR, factor)).close();
        if (round > 0) {
          best = Math.min(best, (System.nanoTime() - start) / 1e9);
        }
      }
      return best;
    } catch (OrtException e) {
      throw new EvaluationException(
          "products of matrices on %s failed: %s".formatted(options.device(), e.getMessage()),
          false,
          e);
    }
  }

  private static FloatBuffer ones(int count) {
    FloatBuffer ones = new Scratch().floats(count);
    while (ones.hasRemaining()) {
      ones.put(1);
    }
    return ones.flip();
  }
}
