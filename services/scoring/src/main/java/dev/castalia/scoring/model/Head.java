package dev.castalia.scoring.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.castalia.scoring.graph.NeoxGraph;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The session from hidden states to log-probabilities and the likeliest tokens. */
final class Head implements AutoCloseable {

  private final OrtSession session;
  private final Scratch pairs = new Scratch();

  Head(Sessions sessions, Body body) {
    this.session =
        sessions.openOrClose(
            body,
            NeoxGraph.logProbabilities(
                sessions.checkpoint(), sessions.precision(), sessions.onGpu(), sessions.root()));
  }

  /** What the tokens after some hidden states are. */
  record Answer(float[] logProbabilities, long[] likeliest) {}

  /**
   * @param hidden float32 [rows, width]
   * @param rows which hidden state each target is asked of
   * @param targets as many tokens
   * @return a log-probability for each target, perhaps NaN, and the likeliest token after each
   *     hidden state
   */
  Answer answer(OnnxTensor hidden, int[] rows, int[] targets) throws OrtException {
    IntBuffer asked = pairs.ints(2 * rows.length);
    for (int i = 0; i < rows.length; i++) {
      asked.put(rows[i]).put(targets[i]);
    }
    long[] shape = {rows.length, 2};
    try (FlushToZero _ = new FlushToZero();
        OnnxTensor wanted = OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, asked.flip(), shape);
        OrtSession.Result result =
            session.run(Map.of(NeoxGraph.HIDDEN, hidden, NeoxGraph.TARGETS, wanted))) {
      float[] logProbabilities = new float[rows.length];
      Past.tensor(result, NeoxGraph.LOG_PROBABILITIES).getFloatBuffer().get(logProbabilities);
      LongBuffer tokens = Past.tensor(result, NeoxGraph.LIKELIEST).getLongBuffer();
      long[] likeliest = new long[tokens.remaining()];
      tokens.get(likeliest);
      return new Answer(logProbabilities, likeliest);
    }
  }

  void takeOperatorTimes(Map<String, Duration> into) throws OrtException {
    OperatorTimes.take(Path.of(session.endProfiling()), into);
  }

  @Override
  public void close() {
    Sessions.close(session);
  }
}
