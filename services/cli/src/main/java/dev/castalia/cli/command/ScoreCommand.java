package dev.castalia.cli.command;

import dev.castalia.cli.CastaliaCommand;
import dev.castalia.cli.CommandException;
import dev.castalia.cli.progress.ProgressDisplay;
import dev.castalia.cli.progress.Work;
import dev.castalia.cli.progress.Work.Count;
import dev.castalia.cli.progress.Work.Part;
import dev.castalia.cli.suite.TokenizerFile;
import dev.castalia.cli.text.Numbers;
import dev.castalia.cli.text.Table;
import dev.castalia.scoring.ScoringException;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.checkpoint.Fingerprint;
import dev.castalia.scoring.graph.Precision;
import dev.castalia.scoring.model.Device;
import dev.castalia.scoring.model.Model;
import dev.castalia.scoring.model.ModelOptions;
import dev.castalia.scoring.results.Results;
import dev.castalia.scoring.results.TaskResult;
import dev.castalia.scoring.score.EncodedTask;
import dev.castalia.scoring.score.SliceScores;
import dev.castalia.scoring.score.TaskScorer;
import dev.castalia.scoring.source.Locations;
import dev.castalia.scoring.task.OutputType;
import dev.castalia.scoring.task.Task;
import dev.castalia.scoring.task.TaskDefinition;
import dev.castalia.scoring.task.TaskFolder;
import dev.castalia.scoring.task.TaskSelection;
import dev.castalia.scoring.task.data.DataPath;
import dev.castalia.scoring.tokens.Tokenizer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Scores one checkpoint in this process. */
@Command(
    name = "score",
    description = {
      "Scores one checkpoint, here and now; needs no gateway.",
      "Results are written as lm-evaluation-harness writes them. Ends with 0 only if every task was"
          + " scored.",
      "Options that the harness has are known by its names too."
    })
public final class ScoreCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR|MODEL@REVISION",
      description = {
        "The checkpoint: a folder with config.json and its weights, or a revision of a repository"
            + " on the Hugging Face hub, such as pythia-70m@step3000 or org/name@main.",
        "It is looked for in the cache first; HF_ENDPOINT, HF_TOKEN, HF_HOME, HF_HUB_CACHE and"
            + " HF_HUB_OFFLINE mean what they mean to huggingface_hub."
      })
  private String model;

  @Option(
      names = "--tasks",
      required = true,
      split = ",",
      paramLabel = "TASK",
      description = "Names of tasks, groups or tags, patterns of these, or YAML files.")
  private List<String> tasks;

  @Option(
      names = {"--task-path", "--include_path"},
      required = true,
      paramLabel = "DIR",
      description =
          "The folder with the tasks' definitions, *.yaml, such as the harness's own lm_eval/tasks.")
  private Path taskPath;

  @Option(
      names = "--data-path",
      paramLabel = "DIR",
      description =
          "The folder of data sets, each in dataset_path/dataset_name/split.jsonl (or .json, .csv,"
              + " .tsv, .parquet, .arrow), or the datasets library's cache; needed where tasks"
              + " don't name their files.")
  private Path dataPath;

  @Option(
      names = {"--output", "--output_path"},
      required = true,
      paramLabel = "DIR",
      description = "Where the results are written.")
  private Path output;

  @Option(
      names = {"--num-fewshot", "--num_fewshot"},
      paramLabel = "K",
      description = "Few-shot examples; each task's own number unless given.")
  private Integer shots;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Only the first N documents of each task.")
  private Integer limit;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description =
          "The tokenizer.json; looked for in the checkpoint's folder and above it unless given.")
  private Path tokenizer;

  @Option(
      names = "--dtype",
      paramLabel = "D",
      defaultValue = "float32",
      description = "What it is computed in: float32 or float16; ${DEFAULT-VALUE} unless given.")
  private String dtype;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "auto",
      description =
          "cpu, cuda, cuda:N, or auto: a GPU where one can be used; ${DEFAULT-VALUE} unless given.")
  private String device;

  @Option(
      names = {"--log-samples", "--log_samples"},
      description = "Also write what each document scored.")
  private boolean logSamples;

  @Override
  public Integer call() {
    Options.atLeast(spec, "--num-fewshot", shots, 0);
    Options.atLeast(spec, "--limit", limit, 1);
    Device.Found found = Device.find(device);
    ModelOptions options =
        ModelOptions.DEFAULT
            .withThreads(Runtime.getRuntime().availableProcessors())
            .withPrecision(Precision.of(dtype))
            .withDevice(found.device());
    LocalDateTime started = LocalDateTime.now();
    TaskSelection selection = TaskFolder.open(taskPath).select(tasks);
    Path folder = Locations.ofEnvironment().model(model);
    Checkpoint checkpoint = Checkpoint.open(folder);
    Run run;
    try (Tokenizer tokens =
        Tokenizer.load(tokenizer == null ? TokenizerFile.near(folder) : tokenizer)) {
      run = new Run(selection, tokens);
      run.score(checkpoint, options);
    }
    if (!run.scored.isEmpty()) {
      Results results =
          new Results(
              model,
              Fingerprint.of(checkpoint.weights()),
              options,
              started,
              run.opening,
              Duration.between(started, LocalDateTime.now()),
              run.scored,
              selection.allGroups());
      Results.Written written = write(results);
      report(written);
      speed(results, found);
      spec.commandLine().getOut().println("written to " + written.file());
    }
    int asked = selection.tasks().size() + selection.errors().size();
    if (run.scored.size() < asked) {
      throw new CommandException(
          "%d of %d tasks could not be scored; why is said above"
              .formatted(asked - run.scored.size(), asked));
    }
    return ExitCode.OK;
  }

  private Results.Written write(Results results) {
    try {
      return results.write(output, logSamples);
    } catch (IOException e) {
      throw new CommandException(output + ": cannot be written (" + e + ")", e);
    }
  }

  private void speed(Results results, Device.Found found) {
    PrintWriter out = spec.commandLine().getOut();
    Table table = new Table("task", ">tokens", ">tokens/s", ">documents/s");
    for (TaskResult result : results.tasks()) {
      table.row(
          result.task().task().name(),
          Numbers.count(result.scores().tokens()),
          Numbers.amount(result.tokensPerSecond()),
          Numbers.amount(result.documentsPerSecond()));
    }
    table.lines().forEach(out::println);
    out.printf(
        "in %s on %s, loaded in %.1f s%n",
        results.options().precision().dtype(), found, results.opening().toNanos() / 1e9);
  }

  private void report(Results.Written results) {
    PrintWriter out = spec.commandLine().getOut();
    Table table = new Table("task", ">shots", ">documents", "metric", "value");
    for (Results.Row row : results.rows()) {
      table.row(
          row.name(),
          Objects.requireNonNullElse(row.shots(), ""),
          row.documents(),
          row.metric(),
          Numbers.withError(row.value(), row.standardError()));
    }
    table.lines().forEach(out::println);
  }

  /** The tasks on their way through the model. */
  private final class Run {

    private final PrintWriter err = spec.commandLine().getErr();
    private final ProgressDisplay display =
        new ProgressDisplay(err, CastaliaCommand.screen(spec), "tokens");
    private final List<EncodedTask> encoded = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private final List<TaskResult> scored = new ArrayList<>();
    private Duration opening = Duration.ZERO;

    /** What cannot be read is told before the work begins. */
    Run(TaskSelection selection, Tokenizer tokens) {
      selection.errors().forEach(this::tell);
      DataPath data = dataPath == null ? DataPath.NONE : DataPath.of(dataPath);
      for (TaskDefinition definition : selection.tasks()) {
        try {
          Task task = definition.load(data);
          encoded.add(EncodedTask.of(task, tokens, task.shots(asked())));
        } catch (ScoringException e) {
          tell(e);
        }
      }
      for (EncodedTask task : encoded) {
        long expected = Math.max(1, Math.round(documents(task) * task.meanTokens()));
        parts.add(new Part(task.task().name(), new Count(expected, 0, 0)));
      }
    }

    private void tell(ScoringException failure) {
      err.println("castalia: " + failure.getMessage());
    }

    /** Scores what can be; why another could not is told. */
    void score(Checkpoint checkpoint, ModelOptions options) {
      if (encoded.isEmpty()) {
        return;
      }
      List<ScoringException> failures = new ArrayList<>();
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
      failures.forEach(this::tell);
    }

    private OptionalInt asked() {
      return shots == null ? OptionalInt.empty() : OptionalInt.of(shots);
    }

    private int documents(EncodedTask task) {
      return limit == null ? task.documents() : Math.min(limit, task.documents());
    }

    private TaskResult score(TaskScorer scorer, int index) {
      EncodedTask task = encoded.get(index);
      long start = System.nanoTime();
      Rounds rounds = new Rounds(task.task());
      SliceScores scores =
          scorer.score(
              task, 0, documents(task), (done, total) -> show(index, rounds.count(done, total)));
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
