package dev.castalia.cli.command;

import dev.castalia.cli.progress.ProgressDisplay;
import dev.castalia.cli.progress.Work;
import dev.castalia.cli.progress.Work.Count;
import dev.castalia.cli.progress.Work.Part;
import dev.castalia.scoring.ScoringException;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.model.Model;
import dev.castalia.scoring.model.ModelOptions;
import dev.castalia.scoring.results.TaskResult;
import dev.castalia.scoring.score.EncodedTask;
import dev.castalia.scoring.score.SliceScores;
import dev.castalia.scoring.score.TaskScorer;
import dev.castalia.scoring.task.OutputType;
import dev.castalia.scoring.task.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Tasks on their way through one model, and how far they are. */
final class ScoreRun {

  private final ProgressDisplay display;
  private final List<EncodedTask> encoded;
  private final List<Part> parts = new ArrayList<>();
  private final List<TaskResult> scored = new ArrayList<>();
  private final List<ScoringException> failures = new ArrayList<>();
  private Duration opening = Duration.ZERO;

  /**
   * @param encoded with the model's tokenizer; all their documents are scored
   */
  ScoreRun(List<EncodedTask> encoded, ProgressDisplay display) {
    this.encoded = encoded;
    this.display = display;
    for (EncodedTask task : encoded) {
      long expected = Math.max(1, Math.round(task.documents() * task.meanTokens()));
      parts.add(new Part(task.task().name(), new Count(expected, 0, 0)));
    }
  }

  /** Scores what can be; what cannot be is among the failures. */
  void score(Checkpoint checkpoint, ModelOptions options) {
    long start = System.nanoTime();
    try (Model opened = Model.open(checkpoint, options)) {
      opening = Duration.ofNanos(System.nanoTime() - start);
      TaskScorer scorer = new TaskScorer(opened);
      for (int i = 0; i < encoded.size(); i++) {
        try {
          scored.add(score(scorer, i));
        } catch (ScoringException e) {
          failures.add(e);
        }
      }
    }
    display.finish(work());
  }

  List<TaskResult> scored() {
    return scored;
  }

  List<ScoringException> failures() {
    return failures;
  }

  /** How long it took to load the model. */
  Duration opening() {
    return opening;
  }

  private TaskResult score(TaskScorer scorer, int index) {
    EncodedTask task = encoded.get(index);
    long start = System.nanoTime();
    Rounds rounds = new Rounds(task.task());
    SliceScores scores =
        scorer.score(
            task, 0, task.documents(), (done, total) -> show(index, rounds.count(done, total)));
    show(index, new Count(scores.tokens(), scores.tokens(), 0));
    return new TaskResult(task, scores, Duration.ofNanos(System.nanoTime() - start));
  }

  private void show(int index, Count count) {
    parts.set(index, new Part(parts.get(index).name(), count));
    display.update(work());
  }

  private Work work() {
    long planned = 0;
    long done = 0;
    for (Part part : parts) {
      planned += part.count().planned();
      done += part.count().done();
    }
    return new Work("scoring", new Count(planned, done, 0), List.copyOf(parts), null);
  }

  /**
   * Adds up the rounds of a task through the model, each of which counts its tokens from 0. A
   * memorization task takes at most one round for each token to recall, others take one.
   */
  private static final class Rounds {

    private final int most;
    private long planned;
    private long before;
    private long current;

    Rounds(Task task) {
      this.most = task.outputType() == OutputType.MEMORIZATION ? task.continuationTokens() : 1;
    }

    Count count(long done, long total) {
      if (done <= current) {
        before += current;
      }
      current = done;
      planned = Math.max(planned, total * most);
      return new Count(planned, before + done, 0);
    }
  }
}
