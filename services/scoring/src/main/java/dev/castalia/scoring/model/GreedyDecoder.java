package dev.castalia.scoring.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.castalia.scoring.checkpoint.NeoxConfig;
import dev.castalia.scoring.graph.NeoxGraph;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Continues prompts greedily: all of a batch by one token at a time, with the keys and values of
 * the tokens before kept in the runtime's memory. On one thread at a time.
 */
final class GreedyDecoder implements AutoCloseable {

  private final NeoxConfig config;
  private final TokenBudget budget;
  private final OrtSession decoder;
  private final OrtSession head;
  private final Scratch tokens = new Scratch();
  private final Scratch positions = new Scratch();
  private final Scratch targets = new Scratch();

  /**
   * @param head from hidden states to the likeliest token; it stays the caller's
   */
  GreedyDecoder(Sessions sessions, OrtSession head, TokenBudget budget) {
    this.config = sessions.checkpoint().config();
    this.budget = budget;
    this.decoder = sessions.open(NeoxGraph.decoder(sessions.checkpoint(), sessions.root()));
    this.head = head;
  }

  /**
   * The likeliest {@code count} tokens after each prompt.
   *
   * @param prompts all of one length, at least 1
   */
  List<int[]> decode(List<int[]> prompts, int count, Progress progress) {
    int length = prompts.getFirst().length;
    List<Batch.Row> rows = new ArrayList<>(prompts.size());
    for (int i = 0; i < prompts.size(); i++) {
      rows.add(new Batch.Row(prompts.get(i), List.of(i)));
    }
    int[][] continuations = new int[prompts.size()][];
    budget.run(
        Batch.split(rows, budget.tokens()),
        batch -> decode(batch, count, continuations),
        (done, total) ->
            progress.batchDone(
                done / length * (length + count - 1), total / length * (length + count - 1)));
    return List.of(continuations);
  }

  private void decode(Batch batch, int count, int[][] continuations) throws OrtException {
    List<int[]> decoded;
    try (FlushToZero _ = new FlushToZero()) {
      decoded = decode(batch.rows().stream().map(Batch.Row::tokens).toList(), count);
    }
    for (int i = 0; i < decoded.size(); i++) {
      for (int prompt : batch.rows().get(i).passages()) {
        continuations[prompt] = decoded.get(i);
      }
    }
  }

  private List<int[]> decode(List<int[]> prompts, int count) throws OrtException {
    int[][] continuations = new int[prompts.size()][count];
    Map<String, OnnxTensor> nothing = empty(prompts.size());
    OrtSession.Result kept = null;
    try {
      List<int[]> rows = prompts;
      int before = 0;
      for (int step = 0; step < count; step++) {
        OrtSession.Result next = run(rows, before, kept == null ? nothing : past(kept));
        close(kept);
        kept = next;
        int[] likeliest = likeliest(tensor(kept, NeoxGraph.HIDDEN), prompts.size());
        before += rows.getFirst().length;
        rows = new ArrayList<>(prompts.size());
        for (int i = 0; i < likeliest.length; i++) {
          continuations[i][step] = likeliest[i];
          // After NaN comes nothing but NaN, whatever is read.
          rows.add(new int[] {Math.max(0, likeliest[i])});
        }
      }
    } finally {
      close(kept);
      nothing.values().forEach(OnnxTensor::close);
    }
    return List.of(continuations);
  }

  private OrtSession.Result run(List<int[]> rows, int before, Map<String, OnnxTensor> past)
      throws OrtException {
    int length = rows.getFirst().length;
    IntBuffer ids = tokens.ints(rows.size() * length);
    IntBuffer last = positions.ints(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      ids.put(rows.get(i));
      last.put((i + 1) * length - 1);
    }
    try (OnnxTensor idTensor =
            OnnxTensor.createTensor(
                OnnxRuntime.ENVIRONMENT, ids.flip(), new long[] {rows.size(), length});
        OnnxTensor lastTensor =
            OnnxTensor.createTensor(
                OnnxRuntime.ENVIRONMENT, last.flip(), new long[] {rows.size()});
        OnnxTensor first =
            OnnxTensor.createTensor(
                OnnxRuntime.ENVIRONMENT, LongBuffer.wrap(new long[] {before}), new long[] {1})) {
      Map<String, OnnxTensor> inputs = new HashMap<>(past);
      inputs.put(NeoxGraph.TOKENS, idTensor);
      inputs.put(NeoxGraph.POSITIONS, lastTensor);
      inputs.put(NeoxGraph.FIRST, first);
      return decoder.run(inputs);
    }
  }

  private int[] likeliest(OnnxTensor hidden, int rows) throws OrtException {
    IntBuffer unasked = targets.ints(rows);
    for (int i = 0; i < rows; i++) {
      unasked.put(i, 0);
    }
    try (OnnxTensor any =
            OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, unasked, new long[] {rows});
        OrtSession.Result result =
            head.run(Map.of(NeoxGraph.HIDDEN, hidden, NeoxGraph.TARGETS, any))) {
      LongBuffer best = tensor(result, NeoxGraph.LIKELIEST).getLongBuffer();
      FloatBuffer logProbabilities = tensor(result, NeoxGraph.LOG_PROBABILITIES).getFloatBuffer();
      int[] likeliest = new int[rows];
      for (int i = 0; i < rows; i++) {
        likeliest[i] =
            Float.isNaN(logProbabilities.get(i)) ? Model.NO_TOKEN : Math.toIntExact(best.get(i));
      }
      return likeliest;
    }
  }

  private Map<String, OnnxTensor> past(OrtSession.Result kept) {
    Map<String, OnnxTensor> past = new HashMap<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      past.put(NeoxGraph.pastKeys(layer), tensor(kept, NeoxGraph.presentKeys(layer)));
      past.put(NeoxGraph.pastValues(layer), tensor(kept, NeoxGraph.presentValues(layer)));
    }
    return past;
  }

  private Map<String, OnnxTensor> empty(int rows) throws OrtException {
    long[] shape = {rows, config.heads(), 0, config.headWidth()};
    Map<String, OnnxTensor> empty = new HashMap<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      for (String name : List.of(NeoxGraph.pastKeys(layer), NeoxGraph.pastValues(layer))) {
        FloatBuffer none = ByteBuffer.allocateDirect(0).asFloatBuffer();
        empty.put(name, OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, none, shape));
      }
    }
    return empty;
  }

  private static OnnxTensor tensor(OrtSession.Result result, String name) {
    return (OnnxTensor) result.get(name).orElseThrow();
  }

  private static void close(OrtSession.Result result) {
    if (result != null) {
      result.close();
    }
  }

  @Override
  public void close() {
    Sessions.close(decoder);
  }
}
