package dev.castalia.scoring.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.castalia.scoring.EvaluationException;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.graph.NeoxGraph;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint ready to run: its graphs in two sessions of ONNX Runtime. Holds native memory until
 * closed. One thread at a time: the input buffers are reused from batch to batch. Several models
 * may run at once, each on its own thread.
 */
public final class Model implements AutoCloseable {

  /** In place of a continuation's token where no token is the likeliest: the model gives NaN. */
  public static final int NO_TOKEN = -1;

  private final Checkpoint checkpoint;
  private final TokenBudget budget;
  private final Sessions sessions;
  private final Body body;
  private final OrtSession head;
  private GreedyDecoder decoder;
  private final Scratch positions = new Scratch();
  private final Scratch targets = new Scratch();

  private Model(Sessions sessions, ModelOptions options, Body body, OrtSession head) {
    this.sessions = sessions;
    this.checkpoint = sessions.checkpoint();
    this.budget = new TokenBudget(checkpoint, options.tokenBudget());
    this.body = body;
    this.head = head;
  }

  /**
   * Loads the weights from the checkpoint's files, which must stay as they are until the model is
   * closed.
   *
   * @throws EvaluationException if the runtime refuses the graph or the memory does not suffice
   */
  public static Model open(Checkpoint checkpoint, ModelOptions options) {
    Sessions sessions = new Sessions(checkpoint, options);
    Body body = new Body(sessions);
    return new Model(
        sessions,
        options,
        body,
        sessions.openOrClose(body, NeoxGraph.logProbabilities(checkpoint, sessions.root())));
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
   * log-probability by float32 rounding at most. Where the memory runs out, batches are halved.
   *
   * @return a reading for each passage, in their order, and the tokens that went through
   * @throws EvaluationException if the runtime fails, or one row is too much for the memory
   */
  public Readings read(List<Passage> passages, Progress progress) {
    passages.forEach(this::check);
    Reading[] readings = new Reading[passages.size()];
    TokenBudget.Spent spent =
        budget.run(
            Batch.pack(passages, budget.tokens()),
            batch -> read(batch, passages, readings),
            progress);
    return new Readings(Arrays.asList(readings), spent.tokens(), spent.places());
  }

  /**
   * Continues prompts greedily, ties going to the first token.
   *
   * @param prompts token ids, all of one length
   * @param count tokens to add, at least 1; prompt and continuation may exceed the context by one,
   *     since the last token is not read
   * @return the {@code count} tokens after each prompt; {@link #NO_TOKEN} from where the model
   *     gives NaN
   * @throws EvaluationException if the runtime fails, or one prompt is too much for the memory
   */
  public List<int[]> continueGreedily(List<int[]> prompts, int count, Progress progress) {
    for (int[] prompt : prompts) {
      checkLength(prompt.length + count - 1);
      checkTokens(prompt);
      if (prompt.length != prompts.getFirst().length) {
        throw new IllegalArgumentException("the prompts are not all of one length");
      }
    }
    if (decoder == null) {
      // A session of its own, which most runs do not need.
      decoder = new GreedyDecoder(sessions, head, budget);
    }
    return decoder.decode(prompts, count, progress);
  }

  private void check(Passage passage) {
    checkLength(passage.input().length);
    checkTokens(passage.input());
    checkTokens(passage.targets());
  }

  private void checkLength(int tokens) {
    if (tokens > context()) {
      throw new IllegalArgumentException(
          "a row of %d tokens for a context of %d".formatted(tokens, context()));
    }
  }

  private void checkTokens(int[] tokens) {
    int vocabulary = checkpoint.config().vocabulary();
    for (int token : tokens) {
      if (token < 0 || token >= vocabulary) {
        throw new EvaluationException(
            "%s: token %d is outside of the vocabulary of %d; this tokenizer is not the model's"
                .formatted(checkpoint.folder(), token, vocabulary),
            false,
            null);
      }
    }
  }

  private void read(Batch batch, List<Passage> passages, Reading[] readings) throws OrtException {
    int rows =
        batch.rows().stream()
            .flatMap(row -> row.passages().stream())
            .mapToInt(index -> passages.get(index).targets().length)
            .sum();
    IntBuffer wanted = positions.ints(rows);
    IntBuffer asked = targets.ints(rows);
    for (int i = 0; i < batch.rows().size(); i++) {
      Batch.Row row = batch.rows().get(i);
      int end = i * batch.length() + row.tokens().length;
      for (int index : row.passages()) {
        int[] ofPassage = passages.get(index).targets();
        for (int j = 0; j < ofPassage.length; j++) {
          wanted.put(end - ofPassage.length + j);
        }
        asked.put(ofPassage);
      }
    }
    float[] logProbabilities = new float[rows];
    long[] likeliest = new long[rows];
    body.run(
        batch,
        wanted.flip(),
        (hidden, from, count) -> {
          long[] shape = {count};
          try (OnnxTensor some =
                  OnnxTensor.createTensor(
                      OnnxRuntime.ENVIRONMENT, asked.slice(from, count), shape);
              OrtSession.Result result =
                  head.run(Map.of(NeoxGraph.HIDDEN, hidden, NeoxGraph.TARGETS, some))) {
            tensor(result, NeoxGraph.LOG_PROBABILITIES)
                .getFloatBuffer()
                .get(0, logProbabilities, from, count);
            tensor(result, NeoxGraph.LIKELIEST).getLongBuffer().get(0, likeliest, from, count);
          }
        });
    distribute(batch, passages, readings, logProbabilities, likeliest);
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
    int from = 0;
    for (Batch.Row row : batch.rows()) {
      for (int index : row.passages()) {
        int to = from + passages.get(index).targets().length;
        readings[index] =
            new Reading(
                Arrays.copyOfRange(logProbabilities, from, to),
                Arrays.stream(likeliest, from, to).mapToInt(Math::toIntExact).toArray());
        from = to;
      }
    }
  }

  @Override
  public void close() {
    if (decoder != null) {
      decoder.close();
    }
    Sessions.close(head);
    body.close();
  }
}
