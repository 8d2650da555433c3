package dev.castalia.scoring.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.castalia.scoring.checkpoint.NeoxConfig;
import dev.castalia.scoring.graph.NeoxGraph;
import dev.castalia.scoring.graph.Precision;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The session from tokens to hidden states, and their hand-over in parts that a head can hold. */
final class Body implements AutoCloseable {

  /** Takes some of the hidden states: {@code rows} of them, from the {@code from}-th. */
  @FunctionalInterface
  interface Projection {
    void project(OnnxTensor hidden, int from, int rows) throws OrtException;
  }

  private final OrtSession session;
  private final NeoxConfig config;
  private final Precision precision;
  private final int rowsAtOnce;
  private final Scratch tokens = new Scratch();
  private final Scratch places = new Scratch();
  private final Scratch positions = new Scratch();
  private final Scratch masks = new Scratch();
  private final Scratch part = new Scratch();

  Body(Sessions sessions) {
    this.precision = sessions.precision();
    this.session = sessions.open(NeoxGraph.body(sessions.checkpoint(), precision, sessions.root()));
    this.config = sessions.checkpoint().config();
    this.rowsAtOnce = sessions.rowsAtOnce();
  }

  /** What goes before the beginning of rows. */
  Past nothingBefore(int rows) throws OrtException {
    return Past.none(config, precision, rows);
  }

  /**
   * Runs a batch and gives the hidden states of the positions to the head, in their order.
   *
   * @param past of the batch's one row; with no tokens in it, any number of rows may follow
   * @param positions wanted, as indices into the batch's rows laid end to end with their padding
   */
  void run(Batch batch, Past past, IntBuffer positions, Projection head) throws OrtException {
    int rows = positions.remaining();
    try (Past none = past.length() > 0 ? null : nothingBefore(batch.rows().size());
        OrtSession.Result result =
            run(batch, none == null ? past : none, positions, Set.of(NeoxGraph.HIDDEN))) {
      OnnxTensor hidden = (OnnxTensor) result.get(0);
      if (rows <= rowsAtOnce) {
        head.project(hidden, 0, rows);
      } else {
        inParts(hidden, rows, head);
      }
    }
  }

  /**
   * Reads on in every row and keeps the keys and values.
   *
   * @param rows the next tokens of each row, all of one length
   * @param before what went before; stays the caller's
   * @param head is given the hidden state of each row's last token
   * @return what went before the next, the caller's to close
   */
  Past advance(List<int[]> rows, Past before, Projection head) throws OrtException {
    int length = rows.getFirst().length;
    List<TokenTree> trees = rows.stream().map(row -> TokenTree.of(row, before.length())).toList();
    IntBuffer last = positions.ints(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      last.put((i + 1) * length - 1);
    }
    Batch batch = new Batch(trees, length, before.length());
    OrtSession.Result result = run(batch, before, last.flip(), session.getOutputNames());
    try {
      head.project(Past.tensor(result, NeoxGraph.HIDDEN), 0, rows.size());
    } catch (OrtException | RuntimeException e) {
      result.close();
      throw e;
    }
    return Past.of(result, config, before.length() + length);
  }

  private OrtSession.Result run(Batch batch, Past past, IntBuffer positions, Set<String> outputs)
      throws OrtException {
    int rows = batch.rows().size();
    int length = batch.length();
    int total = past.length() + length;
    long[] shape = {rows, length};
    int maskRows = batch.causal() ? 1 : rows;
    try (FlushToZero _ = new FlushToZero();
        OnnxTensor ids = OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, ids(batch), shape);
        OnnxTensor at = OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, places(batch), shape);
        OnnxTensor sight =
            OnnxTensor.createTensor(
                OnnxRuntime.ENVIRONMENT,
                mask(batch, maskRows),
                new long[] {maskRows, 1, length, total});
        OnnxTensor apart = shape(rows, length, config.heads(), 3L * config.headWidth());
        OnnxTensor joined = shape(rows, length, config.hidden());
        OnnxTensor wanted =
            OnnxTensor.createTensor(
                OnnxRuntime.ENVIRONMENT, positions, new long[] {positions.remaining()})) {
      Map<String, OnnxTensor> inputs = new HashMap<>(past.tensors());
      inputs.put(NeoxGraph.TOKENS, ids);
      inputs.put(NeoxGraph.PLACES, at);
      inputs.put(NeoxGraph.MASK, sight);
      inputs.put(NeoxGraph.POSITIONS, wanted);
      inputs.put(NeoxGraph.APART, apart);
      inputs.put(NeoxGraph.JOINED, joined);
      return session.run(inputs, outputs);
    }
  }

  private static OnnxTensor shape(long... extents) throws OrtException {
    return OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, extents);
  }

  private void inParts(OnnxTensor hidden, int rows, Projection head) throws OrtException {
    FloatBuffer all = hidden.getFloatBuffer();
    int width = config.hidden();
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

  private IntBuffer ids(Batch batch) {
    IntBuffer ids = tokens.ints(batch.rows().size() * batch.length());
    for (TokenTree row : batch.rows()) {
      for (int i = 0; i < batch.length(); i++) {
        ids.put(i < row.size() ? row.token(i) : 0);
      }
    }
    return ids.flip();
  }

  private LongBuffer places(Batch batch) {
    LongBuffer at = places.longs(batch.rows().size() * batch.length());
    for (TokenTree row : batch.rows()) {
      for (int i = 0; i < batch.length(); i++) {
        at.put(i < row.size() ? row.place(i) : 0);
      }
    }
    return at.flip();
  }

  /** 0 where a token may look, else −∞: at what went before the row, its ancestors and itself. */
  private FloatBuffer mask(Batch batch, int rows) {
    int length = batch.length();
    int total = batch.past() + length;
    long size = (long) rows * length * total;
    if (size > Integer.MAX_VALUE / Float.BYTES) {
      throw new OutOfMemoryError(
          "Failed to allocate memory for a mask of " + size * Float.BYTES + " bytes");
    }
    FloatBuffer mask = masks.floats((int) size);
    float[] line = new float[total];
    for (int i = 0; i < rows; i++) {
      TokenTree row = batch.rows().get(i);
      for (int node = 0; node < length; node++) {
        Arrays.fill(line, batch.past(), total, Float.NEGATIVE_INFINITY);
        if (row.branches()) {
          for (int seen = node; seen >= 0; seen = seen < row.size() ? row.parent(seen) : -1) {
            line[batch.past() + seen] = 0;
          }
        } else {
          Arrays.fill(line, batch.past(), batch.past() + node + 1, 0);
        }
        mask.put(line);
      }
    }
    return mask.flip();
  }

  @Override
  public void close() {
    Sessions.close(session);
  }
}
