package dev.castalia.scoring.bench;

import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.model.Model;
import dev.castalia.scoring.model.ModelOptions;
import dev.castalia.scoring.model.Passage;
import dev.castalia.scoring.model.Progress;
import dev.castalia.scoring.model.Readings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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
      List<Passage> passages =
          documents(model, shape, tokens).stream().flatMap(List::stream).toList();
      model.read(passages, Progress.NONE);
      return model.operatorTimes();
    }
  }

  private static Row row(Model model, TaskShape shape, int tokens, int rounds) {
    List<List<Passage>> documents = documents(model, shape, tokens);
    List<Passage> passages = documents.stream().flatMap(List::stream).toList();
    double best = Double.POSITIVE_INFINITY;
    Readings readings = model.read(passages, Progress.NONE);
    for (int round = 0; round < rounds; round++) {
      long start = System.nanoTime();
      readings = model.read(passages, Progress.NONE);
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
    }
    double operations = Operations.of(passages).in(model.checkpoint().config());
    return new Row(shape, documents.size(), readings.tokens(), readings.places(), best, operations);
  }

  /** As many as have so many tokens, what several begin with counted once; at least one. */
  private static List<List<Passage>> documents(Model model, TaskShape shape, int tokens) {
    List<List<Passage>> documents = new ArrayList<>();
    Iterator<List<Passage>> all = shape.documents(model.checkpoint().config()).iterator();
    List<Passage> last = all.next();
    documents.add(last);
    long read = Operations.of(last).tokens();
    while (read < tokens) {
      List<Passage> next = all.next();
      documents.add(next);
      read += Operations.of(joined(last, next)).tokens() - Operations.of(last).tokens();
      last = next;
    }
    return documents;
  }

  private static List<Passage> joined(List<Passage> a, List<Passage> b) {
    return Stream.of(a, b).flatMap(List::stream).toList();
  }
}
