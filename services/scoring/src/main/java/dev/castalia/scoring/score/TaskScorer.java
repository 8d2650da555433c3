package dev.castalia.scoring.score;

import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.metric.Outcome;
import dev.castalia.scoring.metric.TaskMetric;
import dev.castalia.scoring.model.Model;
import dev.castalia.scoring.model.Passage;
import dev.castalia.scoring.model.Progress;
import dev.castalia.scoring.model.Reading;
import dev.castalia.scoring.model.Readings;
import dev.castalia.scoring.score.Observation.Response;
import dev.castalia.scoring.tokens.RollingWindows;
import dev.castalia.scoring.tokens.TokenPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Scores slices of tasks with one model; on one thread at a time, as the model. */
public final class TaskScorer {

  private final Model model;

  public TaskScorer(Model model) {
    this.model = model;
  }

  /**
   * Scores the documents from {@code start} to {@code end}, exclusive. What a document scores does
   * not depend on the slice it is in, but for float32 rounding.
   *
   * @param progress told after every batch; may throw to stop
   * @throws TaskException if the slice is not within the task, or a document does not fit the model
   */
  public SliceScores score(EncodedTask task, int start, int end, Progress progress) {
    if (start < 0 || start >= end || end > task.documents()) {
      throw new TaskException(
          "%s: documents %d to %d were asked for, but with this tokenizer there are %d"
              .formatted(task.task().file(), start, end, task.documents()));
    }
    Slice slice = new Slice(task, start, progress);
    List<EncodedItem> items = task.items(start, end);
    List<Observation> observations =
        items.getFirst() instanceof EncodedItem.Memory ? slice.recall(items) : slice.read(items);
    List<MetricValues> values =
        task.task().metrics().stream().map(metric -> values(metric, observations)).toList();
    return new SliceScores(start, end, values, observations, slice.tokens, slice.places);
  }

  private static MetricValues values(TaskMetric metric, List<Observation> observations) {
    double[] values =
        observations.stream().mapToDouble(seen -> metric.metric().value(seen.outcome())).toArray();
    double[] weights =
        metric.metric().weighted() || metric.metric().ofClasses()
            ? observations.stream()
                .mapToDouble(seen -> metric.metric().weight(seen.outcome()))
                .toArray()
            : new double[0];
    return new MetricValues(metric, values, weights);
  }

  /** One slice on its way through the model. */
  private final class Slice {

    private final EncodedTask task;
    private final int prefixToken;
    private final int start;
    private final Progress progress;
    private long tokens;
    private long places;

    Slice(EncodedTask task, int start, Progress progress) {
      this.task = task;
      this.prefixToken = task.prefixToken().orElse(model.checkpoint().config().prefixToken());
      this.start = start;
      this.progress = progress;
    }

    List<Observation> read(List<EncodedItem> items) {
      List<List<Passage>> passages = new ArrayList<>(items.size());
      for (int i = 0; i < items.size(); i++) {
        passages.add(passages(items.get(i), task.document(start + i)));
      }
      Readings readings = model.read(passages.stream().flatMap(List::stream).toList(), progress);
      tokens += readings.tokens();
      places += readings.places();
      List<Observation> observations = new ArrayList<>(items.size());
      int at = 0;
      for (int i = 0; i < items.size(); i++) {
        int count = passages.get(i).size();
        List<Response> responses = new ArrayList<>(count);
        for (int j = 0; j < count; j++) {
          responses.add(response(passages.get(i).get(j), readings.all().get(at + j)));
        }
        at += count;
        observations.add(
            new Observation(
                task.document(start + i),
                outcome(items.get(i), responses),
                requests(items.get(i), responses)));
      }
      return observations;
    }

    List<Observation> recall(List<EncodedItem> items) {
      List<int[]> prompts = new ArrayList<>(items.size());
      List<int[]> truths = new ArrayList<>(items.size());
      for (int i = 0; i < items.size(); i++) {
        EncodedItem.Memory memory = (EncodedItem.Memory) items.get(i);
        prompts.add(prompt(memory, task.document(start + i)));
        truths.add(memory.continuation());
      }
      int count = task.task().continuationTokens();
      List<int[]> continuations = model.continueGreedily(prompts, count, progress);
      // Prompts of one task are of one length: there is nothing to pad.
      long decoded = (long) prompts.size() * (prompts.getFirst().length + count - 1);
      tokens += decoded;
      places += decoded;
      List<Observation> observations = new ArrayList<>(items.size());
      for (int i = 0; i < items.size(); i++) {
        observations.add(
            new Observation(
                task.document(start + i),
                compared(continuations.get(i), truths.get(i)),
                List.of()));
      }
      return observations;
    }

    private List<Passage> passages(EncodedItem item, int document) {
      return switch (item) {
        case EncodedItem.Choices choices ->
            choices.pairs().stream().map(pair -> passage(pair, document)).toList();
        case EncodedItem.Continuation(TokenPair pair) -> List.of(passage(pair, document));
        case EncodedItem.Text text ->
            RollingWindows.of(text.tokens(), prefixToken, model.context());
        case EncodedItem.Memory memory ->
            throw new IllegalArgumentException(
                "a memorization item is decoded, not read: " + memory);
      };
    }

    private Passage passage(TokenPair pair, int document) {
      try {
        return pair.passage(prefixToken, model.context());
      } catch (IllegalArgumentException e) {
        throw unfit(document, e.getMessage());
      }
    }

    private int[] prompt(EncodedItem.Memory memory, int document) {
      int before = memory.prefixed() ? 1 : 0;
      int length = before + memory.prompt().length + memory.continuation().length - 1;
      if (length > model.context()) {
        throw unfit(document, length + " tokens do not fit into a context of " + model.context());
      }
      if (before == 0) {
        return memory.prompt();
      }
      int[] prompt = new int[1 + memory.prompt().length];
      prompt[0] = prefixToken;
      System.arraycopy(memory.prompt(), 0, prompt, 1, memory.prompt().length);
      return prompt;
    }

    private TaskException unfit(int document, String why) {
      return new TaskException(
          "%s: document %d: %s; leave the task out for this model"
              .formatted(task.task().file(), document, why));
    }
  }

  private static Response response(Passage passage, Reading reading) {
    return new Response(reading.logLikelihood(), reading.greedy(passage.targets()));
  }

  /** A text is one request, in however many windows it was read. */
  private static List<Response> requests(EncodedItem item, List<Response> responses) {
    return item instanceof EncodedItem.Text
        ? List.of(
            new Response(
                responses.stream().mapToDouble(Response::logLikelihood).sum(),
                responses.stream().allMatch(Response::greedy)))
        : responses;
  }

  private static Outcome outcome(EncodedItem item, List<Response> responses) {
    double[] likelihoods = responses.stream().mapToDouble(Response::logLikelihood).toArray();
    return switch (item) {
      case EncodedItem.Choices choices -> choice(choices, responses, likelihoods);
      case EncodedItem.Continuation continuation ->
          new Outcome.Continuation(likelihoods[0], responses.getFirst().greedy());
      case EncodedItem.Text text ->
          new Outcome.Text(Arrays.stream(likelihoods).sum(), text.words(), text.bytes());
      case EncodedItem.Memory memory ->
          throw new IllegalArgumentException("a memorization item has no likelihoods: " + memory);
    };
  }

  private static Outcome.Choice choice(
      EncodedItem.Choices choices, List<Response> responses, double[] likelihoods) {
    int count = choices.codePoints().length;
    boolean[] greedy = new boolean[count];
    for (int i = 0; i < count; i++) {
      greedy[i] = responses.get(i).greedy();
    }
    return new Outcome.Choice(
        Arrays.copyOf(likelihoods, count),
        Arrays.copyOfRange(likelihoods, count, likelihoods.length),
        greedy,
        choices.codePoints(),
        choices.bytes(),
        choices.gold());
  }

  private static Outcome compared(int[] continuation, int[] truth) {
    double recalled = 0;
    for (int i = 0; i < truth.length; i++) {
      if (continuation[i] == Model.NO_TOKEN) {
        recalled = Double.NaN;
      }
      recalled += continuation[i] == truth[i] ? 1 : 0;
    }
    return new Outcome.Recall(recalled, truth.length);
  }
}
