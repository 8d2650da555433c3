package dev.castalia.scoring.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.castalia.scoring.EvaluationException;
import dev.castalia.scoring.checkpoint.DType;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What a graph computes in. Tokens, masks and hidden states go in and out alike in both, and the
 * softmax over the vocabulary is float32 in both.
 */
public enum Precision {
  FLOAT32("float32", DType.F32, DataType.FLOAT),
  FLOAT16("float16", DType.F16, DataType.FLOAT16);

  private final String dtype;
  private final DType stored;
  private final DataType type;

  Precision(String dtype, DType stored, DataType type) {
    this.dtype = dtype;
    this.stored = stored;
    this.type = type;
  }

  /**
   * @param dtype as a request or a command line names it
   * @throws EvaluationException if nothing computes in that
   */
  public static Precision of(String dtype) {
    return Arrays.stream(values())
        .filter(it -> it.dtype.equals(dtype))
        .findFirst()
        .orElseThrow(
            () ->
                new EvaluationException(
                    "dtype %s is not one that is computed in; ask for %s"
                        .formatted(
                            dtype,
                            Arrays.stream(values())
                                .map(Precision::dtype)
                                .collect(Collectors.joining(" or "))),
                    false,
                    null));
  }

  /** Its name, as torch and the harness have it. */
  public String dtype() {
    return dtype;
  }

  /** Bytes of a number. */
  public int bytes() {
    return stored.bytes();
  }

  /** The type in a file that needs no cast. */
  DType stored() {
    return stored;
  }

  DataType type() {
    return type;
  }
}
