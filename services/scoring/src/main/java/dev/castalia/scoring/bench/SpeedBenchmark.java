package dev.castalia.scoring.bench;

import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.model.Model;
import dev.castalia.scoring.model.ModelOptions;
import dev.castalia.scoring.model.Passage;
import dev.castalia.scoring.model.Progress;
import dev.castalia.scoring.model.Readings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** How fast a checkpoint opens, and how fast it reads what tasks of several shapes ask. */
public final class SpeedBenchmark {

  private SpeedBenchmark() {}

  /**
   * @param openingSeconds until the model is ready, the file's pages perhaps in memory already
   */
  public record Report(double openingSeconds, List<Row> rows) {}

  /**
   * The best round of a shape.
   *
   * @param tokens that went through the model, padding not counted
   * @param places for tokens in the batches, padding included
   * @param operations the floor: what no exact way can do without
   */
  public record Row(
      TaskShape shape, int documents, long tokens, long places, double seconds, double operations) {

    public double documentsPerSecond() {
      return documents / seconds;
    }

    public double tokensPerSecond() {
      return tokens / seconds;
    }

    public double operationsPerSecond() {
      return operations / seconds;
    }
  }

  /**
   * Reads documents of every shape, {@code rounds} times after once unmeasured.
   *
   * @param tokens a round and shape, about; at least one document is read
   */
  public static Report run(Checkpoint checkpoint, ModelOptions options, int tokens, int rounds) {
    long start = System.nanoTime();
    try (Model model = Model.open(checkpoint, options)) {
      double opening = (System.nanoTime() - start) / 1e9;
      List<Row> rows =
          Arrays.stream(TaskShape.values())
              .map(shape -> row(model, shape, tokens, rounds))
              .toList();
      return new Report(opening, rows);
    }
  }

  /** How long each kind of operator takes for a shape; the recording slows it a little. */
  public static Map<String, Duration> operators(
      Checkpoint checkpoint, ModelOptions options, TaskShape shape, int tokens) {
    try (Model model = Model.open(checkpoint, options.recorded())) {
      model.read(passages(model, shape, documents(model, shape, tokens)), Progress.NONE);
      return model.operatorTimes();
    }
  }

  private static Row row(Model model, TaskShape shape, int tokens, int rounds) {
    int documents = documents(model, shape, tokens);
    List<Passage> passages = passages(model, shape, documents);
    double best = Double.POSITIVE_INFINITY;
    Readings readings = model.read(passages, Progress.NONE);
    for (int round = 0; round < rounds; round++) {
      long start = System.nanoTime();
      readings = model.read(passages, Progress.NONE);
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
    }
    double operations = Operations.of(model.checkpoint().config(), passages);
    return new Row(shape, documents, readings.tokens(), readings.places(), best, operations);
  }

  private static List<Passage> passages(Model model, TaskShape shape, int documents) {
    return shape.documents(model.checkpoint().config(), documents).stream()
        .flatMap(List::stream)
        .toList();
  }

  private static int documents(Model model, TaskShape shape, int tokens) {
    // Shared tokens are few beside the others, but for examples, which are read once.
    int one =
        shape == TaskShape.FEW_SHOT
            ? 80
            : shape.documents(model.checkpoint().config(), 1).getFirst().getFirst().input().length;
    return Math.max(1, tokens / one);
  }
}
