package dev.castalia.scoring.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.castalia.scoring.EvaluationException;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.graph.NeoxGraph;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A checkpoint ready to run: its graphs in two sessions of ONNX Runtime. Holds native memory until
 * closed. One thread at a time: the input buffers are reused from batch to batch. Several models
 * may run at once, each on its own thread.
 */
public final class Model implements AutoCloseable {

  private final Checkpoint checkpoint;
  private final ModelOptions options;
  private final OrtSession body;
  private final OrtSession head;
  private final int rowsAtOnce;
  private final Scratch tokens = new Scratch();
  private final Scratch positions = new Scratch();
  private final Scratch targets = new Scratch();
  private final Scratch chunk = new Scratch();

  private Model(Checkpoint checkpoint, ModelOptions options, OrtSession body, OrtSession head) {
    this.checkpoint = checkpoint;
    this.options = options;
    this.body = body;
    this.head = head;
    this.rowsAtOnce = Math.max(1, options.logitBudget() / checkpoint.config().vocabulary());
  }

  /**
   * Loads the weights from the checkpoint's files, which must stay as they are until the model is
   * closed.
   *
   * @throws EvaluationException if the runtime refuses the graph or the memory does not suffice
   */
  public static Model open(Checkpoint checkpoint, ModelOptions options) {
    Sessions sessions = new Sessions(checkpoint, options);
    OrtSession body = sessions.open(NeoxGraph.body(checkpoint, sessions.root()));
    try {
      OrtSession head = sessions.open(NeoxGraph.logProbabilities(checkpoint, sessions.root()));
      return new Model(checkpoint, options, body, head);
    } catch (EvaluationException e) {
      Sessions.close(body);
      throw e;
    }
  }

  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /** Longest row of tokens the model can read. */
  public int context() {
    return checkpoint.config().context();
  }

  /**
   * Reads all the passages, in batches of its own choosing; the composition of a batch changes a
   * log-probability by float32 rounding at most.
   *
   * @return a reading for each passage, in their order, and the tokens that went through
   * @throws EvaluationException if the runtime fails, or a log-probability is not a number
   */
  public Readings read(List<Passage> passages, Progress progress) {
    List<Batch> batches = Batch.pack(passages, options.tokenBudget());
    Reading[] readings = new Reading[passages.size()];
    long total = batches.stream().mapToLong(Batch::tokens).sum();
    long done = 0;
    for (Batch batch : batches) {
      try (FlushToZero _ = new FlushToZero()) {
        read(batch, passages, readings);
      } catch (OrtException e) {
        throw Sessions.failure(checkpoint, "running", e);
      }
      done += batch.tokens();
      progress.batchDone(done, total);
    }
    return new Readings(Arrays.asList(readings), total);
  }

  private void read(Batch batch, List<Passage> passages, Reading[] readings) throws OrtException {
    int rows = 0;
    for (Batch.Row row : batch.rows()) {
      for (int passage : row.passages()) {
        rows += passages.get(passage).targets().length;
      }
    }
    IntBuffer ids = tokens.ints(batch.rows().size() * batch.length());
    IntBuffer wanted = positions.ints(rows);
    IntBuffer asked = targets.ints(rows);
    for (int i = 0; i < batch.rows().size(); i++) {
      Batch.Row row = batch.rows().get(i);
      ids.put(i * batch.length(), row.tokens());
      for (int pad = row.tokens().length; pad < batch.length(); pad++) {
        ids.put(i * batch.length() + pad, 0);
      }
      int end = i * batch.length() + row.tokens().length;
      for (int index : row.passages()) {
        int[] passageTargets = passages.get(index).targets();
        for (int j = 0; j < passageTargets.length; j++) {
          wanted.put(end - passageTargets.length + j);
        }
        asked.put(passageTargets);
      }
    }

    float[] logProbabilities = new float[rows];
    long[] likeliest = new long[rows];
    OrtEnvironment runtime = OnnxRuntime.ENVIRONMENT;
    try (OnnxTensor idTensor =
            OnnxTensor.createTensor(
                runtime, ids.rewind(), new long[] {batch.rows().size(), batch.length()});
        OnnxTensor wantedTensor =
            OnnxTensor.createTensor(runtime, wanted.flip(), new long[] {rows});
        OrtSession.Result result =
            body.run(
                Map.of(NeoxGraph.TOKENS, idTensor, NeoxGraph.POSITIONS, wantedTensor),
                Set.of(NeoxGraph.HIDDEN))) {
      OnnxTensor hidden = (OnnxTensor) result.get(0);
      asked.flip();
      if (rows <= rowsAtOnce) {
        project(hidden, asked, 0, logProbabilities, likeliest);
      } else {
        projectInChunks(hidden, asked, logProbabilities, likeliest);
      }
    }
    distribute(batch, passages, readings, logProbabilities, likeliest);
  }

  private void projectInChunks(
      OnnxTensor hidden, IntBuffer asked, float[] logProbabilities, long[] likeliest)
      throws OrtException {
    int width = checkpoint.config().hidden();
    FloatBuffer all = hidden.getFloatBuffer();
    for (int from = 0; from < asked.limit(); from += rowsAtOnce) {
      int rows = Math.min(rowsAtOnce, asked.limit() - from);
      FloatBuffer some = chunk.floats(rows * width);
      some.put(all.slice(from * width, rows * width)).flip();
      try (OnnxTensor part =
          OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, some, new long[] {rows, width})) {
        project(part, asked.slice(from, rows), from, logProbabilities, likeliest);
      }
    }
  }

  private void project(
      OnnxTensor hidden, IntBuffer asked, int at, float[] logProbabilities, long[] likeliest)
      throws OrtException {
    int rows = asked.remaining();
    try (OnnxTensor targetTensor =
            OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, asked, new long[] {rows});
        OrtSession.Result result =
            head.run(Map.of(NeoxGraph.HIDDEN, hidden, NeoxGraph.TARGETS, targetTensor))) {
      tensor(result, NeoxGraph.LOG_PROBABILITIES)
          .getFloatBuffer()
          .get(0, logProbabilities, at, rows);
      tensor(result, NeoxGraph.LIKELIEST).getLongBuffer().get(0, likeliest, at, rows);
    }
  }

  private static OnnxTensor tensor(OrtSession.Result result, String name) {
    return (OnnxTensor) result.get(name).orElseThrow();
  }

  private void distribute(
      Batch batch,
      List<Passage> passages,
      Reading[] readings,
      float[] logProbabilities,
      long[] likeliest) {
    int at = 0;
    for (Batch.Row row : batch.rows()) {
      for (int index : row.passages()) {
        int count = passages.get(index).targets().length;
        int[] best = new int[count];
        for (int j = 0; j < count; j++) {
          best[j] = (int) likeliest[at + j];
          if (Float.isNaN(logProbabilities[at + j])) {
            throw new EvaluationException(
                checkpoint.folder()
                    + ": a log-probability is not a number; the weights hold NaN or infinite values,"
                    + " or overflow float32: check the checkpoint",
                false,
                null);
          }
        }
        readings[index] = new Reading(Arrays.copyOfRange(logProbabilities, at, at + count), best);
        at += count;
      }
    }
  }

  @Override
  public void close() {
    Sessions.close(head);
    Sessions.close(body);
  }

  /** A direct buffer that grows; the runtime reads direct memory in place. */
  private static final class Scratch {

    private ByteBuffer bytes = direct(1 << 14);

    IntBuffer ints(int count) {
      return grown(count).asIntBuffer().limit(count);
    }

    FloatBuffer floats(int count) {
      return grown(count).asFloatBuffer().limit(count);
    }

    private ByteBuffer grown(int count) {
      if (bytes.capacity() < count * Integer.BYTES) {
        bytes = direct(Integer.highestOneBit(count) * 2 * Integer.BYTES);
      }
      return bytes;
    }

    private static ByteBuffer direct(int size) {
      return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }
  }
}
