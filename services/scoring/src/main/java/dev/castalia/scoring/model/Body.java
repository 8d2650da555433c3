package dev.castalia.scoring.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.castalia.scoring.graph.NeoxGraph;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Map;
import java.util.Set;

/** The session from tokens to hidden states, and their hand-over in parts that a head can hold. */
final class Body implements AutoCloseable {

  /** Takes some of the hidden states: {@code rows} of them, from the {@code from}-th. */
  @FunctionalInterface
  interface Head {
    void project(OnnxTensor hidden, int from, int rows) throws OrtException;
  }

  private final OrtSession session;
  private final int width;
  private final int rowsAtOnce;
  private final Scratch tokens = new Scratch();
  private final Scratch part = new Scratch();

  Body(Sessions sessions) {
    this.session = sessions.open(NeoxGraph.body(sessions.checkpoint(), sessions.root()));
    this.width = sessions.checkpoint().config().hidden();
    this.rowsAtOnce = sessions.rowsAtOnce();
  }

  /**
   * Runs a batch and gives the hidden states of the positions to the head, in their order.
   *
   * @param positions wanted, as indices into the batch's rows laid end to end with their padding
   */
  void run(Batch batch, IntBuffer positions, Head head) throws OrtException {
    int rows = positions.remaining();
    long[] shape = {batch.rows().size(), batch.length()};
    try (FlushToZero _ = new FlushToZero();
        OnnxTensor ids = OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, padded(batch), shape);
        OnnxTensor wanted =
            OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, positions, new long[] {rows});
        OrtSession.Result result =
            session.run(
                Map.of(NeoxGraph.TOKENS, ids, NeoxGraph.POSITIONS, wanted),
                Set.of(NeoxGraph.HIDDEN))) {
      OnnxTensor hidden = (OnnxTensor) result.get(0);
      if (rows <= rowsAtOnce) {
        head.project(hidden, 0, rows);
      } else {
        inParts(hidden, rows, head);
      }
    }
  }

  private void inParts(OnnxTensor hidden, int rows, Head head) throws OrtException {
    FloatBuffer all = hidden.getFloatBuffer();
    for (int from = 0; from < rows; from += rowsAtOnce) {
      int count = Math.min(rowsAtOnce, rows - from);
      FloatBuffer some = part.floats(count * width);
      some.put(all.slice(from * width, count * width)).flip();
      try (OnnxTensor tensor =
          OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, some, new long[] {count, width})) {
        head.project(tensor, from, count);
      }
    }
  }

  private IntBuffer padded(Batch batch) {
    IntBuffer ids = tokens.ints(batch.rows().size() * batch.length());
    for (Batch.Row row : batch.rows()) {
      ids.put(row.tokens());
      for (int i = row.tokens().length; i < batch.length(); i++) {
        ids.put(0);
      }
    }
    return ids.flip();
  }

  @Override
  public void close() {
    Sessions.close(session);
  }
}
