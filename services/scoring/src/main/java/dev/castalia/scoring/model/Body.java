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
import java.nio.file.Path;
import java.time.Duration;
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
  private final Types types;
  private final Scratch places = new Scratch();
  private final Scratch positions = new Scratch();
  private final Scratch indices = new Scratch();
  private final Scratch seen = new Scratch();
  private final Scratch ends = new Scratch();
  private final Scratch part = new Scratch();

  Body(Sessions sessions) {
    this.precision = sessions.precision();
    this.config = sessions.checkpoint().config();
    this.rowsAtOnce = sessions.rowsAtOnce();
    this.types = new Types(config.vocabulary());
    this.session =
        sessions.open(
            NeoxGraph.body(sessions.checkpoint(), precision, sessions.onGpu(), sessions.root()));
  }

  /** What goes before the beginning of rows. */
  Past nothingBefore() throws OrtException {
    return Past.none(config, precision);
  }

  /**
   * Runs a batch and gives the hidden states of the positions to the head, in their order.
   *
   * @param past of one row: that of all rows of the batch
   * @param positions wanted, as indices into the batch's rows laid end to end with their padding
   */
  void run(Batch batch, Past past, IntBuffer positions, Projection head) throws OrtException {
    try (OrtSession.Result result = run(batch, past, positions, Set.of(NeoxGraph.HIDDEN))) {
      project((OnnxTensor) result.get(0), positions.remaining(), head);
    }
  }

  private void project(OnnxTensor hidden, int rows, Projection head) throws OrtException {
    if (rows <= rowsAtOnce) {
      head.project(hidden, 0, rows);
    } else {
      inParts(hidden, rows, head);
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
    IntBuffer last = positions.ints(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      last.put((i + 1) * length - 1);
    }
    return advance(rows, before, last.flip(), head);
  }

  /**
   * The same, with the hidden states of other places.
   *
   * @param positions at least one, as indices into the rows laid end to end
   */
  Past advance(List<int[]> rows, Past before, IntBuffer positions, Projection head)
      throws OrtException {
    int length = rows.getFirst().length;
    List<TokenTree> trees = rows.stream().map(row -> TokenTree.of(row, before.length())).toList();
    Batch batch = new Batch(trees, length, before.length(), 0);
    OrtSession.Result result = run(batch, before, positions, session.getOutputNames());
    try {
      project(Past.tensor(result, NeoxGraph.HIDDEN), positions.remaining(), head);
    } catch (Throwable e) {
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
    Types.Split split = types.split(batch);
    IntBuffer sight = ends(batch);
    long[] sights = {sight.remaining() / total, 1, 1, total};
    try (FlushToZero _ = new FlushToZero();
        OnnxTensor ids = line(split.ids());
        OnnxTensor tokens = line(split.tokens());
        OnnxTensor at = OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, places(batch), shape);
        OnnxTensor own = range(indices, past.length(), total, length, 1);
        OnnxTensor all = range(seen, 0, total, total);
        OnnxTensor until = OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, sight, sights);
        OnnxTensor joined = shape(rows, length, config.hidden());
        OnnxTensor before = shape(rows, config.heads(), past.length(), config.headWidth());
        OnnxTensor wanted = line(positions)) {
      Map<String, OnnxTensor> inputs = new HashMap<>(past.tensors());
      inputs.put(NeoxGraph.TYPES, ids);
      inputs.put(NeoxGraph.TOKENS, tokens);
      inputs.put(NeoxGraph.PLACES, at);
      inputs.put(NeoxGraph.INDICES, own);
      inputs.put(NeoxGraph.SEEN, all);
      inputs.put(NeoxGraph.ENDS, until);
      inputs.put(NeoxGraph.POSITIONS, wanted);
      inputs.put(NeoxGraph.JOINED, joined);
      inputs.put(NeoxGraph.BEFORE, before);
      return session.run(inputs, outputs);
    }
  }

  private static OnnxTensor shape(long... extents) throws OrtException {
    return OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, extents);
  }

  private static OnnxTensor line(IntBuffer numbers) throws OrtException {
    return OnnxTensor.createTensor(
        OnnxRuntime.ENVIRONMENT, numbers, new long[] {numbers.remaining()});
  }

  private static OnnxTensor range(Scratch scratch, int from, int to, long... shape)
      throws OrtException {
    IntBuffer numbers = scratch.ints(to - from);
    for (int i = from; i < to; i++) {
      numbers.put(i);
    }
    return OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, numbers.flip(), shape);
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

  private LongBuffer places(Batch batch) {
    LongBuffer at = places.longs(batch.rows().size() * batch.length());
    for (TokenTree row : batch.rows()) {
      for (int i = 0; i < batch.length(); i++) {
        at.put(i < row.size() ? row.place(i) : 0);
      }
    }
    return at.flip();
  }

  /**
   * Until where each token is seen: what went before, and what does for every row, to the end.
   *
   * @return one line for all rows, or one for each
   */
  private IntBuffer ends(Batch batch) {
    int total = batch.past() + batch.length();
    if (batch.causal()) {
      return until(ends.ints(total), total, total).flip();
    }
    IntBuffer until = ends.ints(Math.multiplyExact(batch.rows().size(), total));
    for (TokenTree row : batch.rows()) {
      until(until, batch.past(), total);
      for (int end : row.ends()) {
        until.put(batch.past() + end);
      }
      until(until, batch.length() - row.size(), total);
    }
    return until.flip();
  }

  private static IntBuffer until(IntBuffer ends, int tokens, int end) {
    for (int i = 0; i < tokens; i++) {
      ends.put(end);
    }
    return ends;
  }

  void takeOperatorTimes(Map<String, Duration> into) throws OrtException {
    OperatorTimes.take(Path.of(session.endProfiling()), into);
  }

  @Override
  public void close() {
    Sessions.close(session);
  }
}
