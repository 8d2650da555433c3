package dev.castalia.scoring.model;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.castalia.scoring.checkpoint.NeoxConfig;
import dev.castalia.scoring.graph.NeoxGraph;
import dev.castalia.scoring.graph.Precision;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys and values of the tokens that went before, in the runtime's memory, by the graph's names.
 */
final class Past implements AutoCloseable {

  private final int length;
  private final Map<String, OnnxTensor> tensors;
  private final AutoCloseable owner;

  private Past(int length, Map<String, OnnxTensor> tensors, AutoCloseable owner) {
    this.length = length;
    this.tensors = tensors;
    this.owner = owner;
  }

  /** Nothing went before. */
  static Past none(NeoxConfig config, Precision precision) throws OrtException {
    long[] shape = {1, config.heads(), 0, config.headWidth()};
    OnnxJavaType type =
        switch (precision) {
          case FLOAT32 -> OnnxJavaType.FLOAT;
          case FLOAT16 -> OnnxJavaType.FLOAT16;
        };
    Map<String, OnnxTensor> empty = new HashMap<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      for (String name : List.of(NeoxGraph.pastKeys(layer), NeoxGraph.pastValues(layer))) {
        ByteBuffer nothing = ByteBuffer.allocateDirect(0);
        empty.put(name, OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, nothing, shape, type));
      }
    }
    return new Past(0, empty, () -> empty.values().forEach(OnnxTensor::close));
  }

  /**
   * What a run leaves behind; closing it closes the run's result.
   *
   * @param length tokens of each row up to the run's last
   */
  static Past of(OrtSession.Result result, NeoxConfig config, int length) {
    Map<String, OnnxTensor> tensors = new HashMap<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      tensors.put(NeoxGraph.pastKeys(layer), tensor(result, NeoxGraph.presentKeys(layer)));
      tensors.put(NeoxGraph.pastValues(layer), tensor(result, NeoxGraph.presentValues(layer)));
    }
    return new Past(length, tensors, result);
  }

  int length() {
    return length;
  }

  Map<String, OnnxTensor> tensors() {
    return tensors;
  }

  static OnnxTensor tensor(OrtSession.Result result, String name) {
    return (OnnxTensor) result.get(name).orElseThrow();
  }

  @Override
  public void close() {
    try {
      owner.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("closing twice is the only way to fail", e);
    }
  }
}
