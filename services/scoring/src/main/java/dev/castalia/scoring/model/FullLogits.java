package dev.castalia.scoring.model;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.graph.NeoxGraph;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The same model computing every logit of every position, to measure what {@link Model} saves. The
 * logits are left in the runtime's memory. On one thread at a time.
 */
public final class FullLogits implements AutoCloseable {

  private final Checkpoint checkpoint;
  private final ModelOptions options;
  private final Body body;
  private final OrtSession head;
  private final Scratch positions = new Scratch();

  private FullLogits(Checkpoint checkpoint, ModelOptions options, Body body, OrtSession head) {
    this.checkpoint = checkpoint;
    this.options = options;
    this.body = body;
    this.head = head;
  }

  public static FullLogits open(Checkpoint checkpoint, ModelOptions options) {
    Sessions sessions = new Sessions(checkpoint, options);
    Body body = new Body(sessions);
    return new FullLogits(
        checkpoint,
        options,
        body,
        sessions.openOrClose(
            body, NeoxGraph.logits(checkpoint, sessions.precision(), sessions.root())));
  }

  /** Reads the passages in the batches that {@link Model} would make if they had no prefixes. */
  public void read(List<Passage> passages) {
    List<TokenTree> rows = new ArrayList<>();
    for (Sequence sequence : Sequence.sorted(passages)) {
      rows.add(TokenTree.of(sequence.tokens(), 0));
    }
    rows.sort(Comparator.comparingInt(TokenTree::size).reversed());
    try (Past nothing = body.nothingBefore()) {
      for (Batch batch : Batch.split(rows, options.limits(), 0, 0)) {
        body.run(
            batch,
            nothing,
            everyPosition(batch),
            (hidden, from, count) -> head.run(Map.of(NeoxGraph.HIDDEN, hidden)).close());
      }
    } catch (OrtException e) {
      throw Sessions.failure(checkpoint, "running", e);
    }
  }

  private IntBuffer everyPosition(Batch batch) {
    IntBuffer every = positions.ints(Math.toIntExact(batch.tokens()));
    for (int i = 0; i < batch.rows().size(); i++) {
      for (int j = 0; j < batch.rows().get(i).size(); j++) {
        every.put(i * batch.length() + j);
      }
    }
    return every.flip();
  }

  @Override
  public void close() {
    Sessions.close(head);
    body.close();
  }
}
