package dev.castalia.cli.command;

import dev.castalia.cli.CastaliaCommand;
import dev.castalia.cli.CommandException;
import dev.castalia.cli.progress.ProgressDisplay;
import dev.castalia.cli.suite.TokenizerFile;
import dev.castalia.cli.text.Numbers;
import dev.castalia.cli.text.Table;
import dev.castalia.scoring.ScoringException;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.checkpoint.Fingerprint;
import dev.castalia.scoring.model.Device;
import dev.castalia.scoring.model.ModelOptions;
import dev.castalia.scoring.results.Results;
import dev.castalia.scoring.results.TaskResult;
import dev.castalia.scoring.score.EncodedTask;
import dev.castalia.scoring.source.HubReference;
import dev.castalia.scoring.source.Locations;
import dev.castalia.scoring.task.Task;
import dev.castalia.scoring.task.TaskDefinition;
import dev.castalia.scoring.task.TaskFolder;
import dev.castalia.scoring.task.TaskSelection;
import dev.castalia.scoring.task.data.DataPath;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Scores checkpoints in this process. */
@Command(
    name = "score",
    description = {
      "Scores one checkpoint or several, here and now; needs no gateway.",
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
        "Several are scored one after another; tasks are read and tokenized once.",
        "It is looked for in the cache first; HF_ENDPOINT, HF_TOKEN, HF_HOME, HF_HUB_CACHE and"
            + " HF_HUB_OFFLINE mean what they mean to huggingface_hub."
      })
  private List<String> models;

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

  @Mixin private ComputeMixin compute;

  @Option(
      names = {"--log-samples", "--log_samples"},
      description = "Also write what each document scored.")
  private boolean logSamples;

  @Override
  public Integer call() {
    Options.atLeast(spec, "--num-fewshot", shots, 0);
    Options.atLeast(spec, "--limit", limit, 1);
    requireOutput();
    Device.Found found = compute.found();
    ModelOptions options = compute.options(found, null);
    TaskSelection selection = TaskFolder.open(taskPath).select(tasks);
    selection.errors().forEach(this::tell);
    List<Task> loaded = load(selection);
    int asked = models.size() * (selection.tasks().size() + selection.errors().size());
    int scored = 0;
    TaskEncoder encoder = new TaskEncoder(loaded, shots, limit, this::tell);
    Locations locations = Locations.ofEnvironment();
    for (String model : models) {
      try {
        scored += score(model, locations, encoder, selection, options, found);
      } catch (ScoringException e) {
        if (models.size() == 1) {
          throw e;
        }
        tell(e);
      }
    }
    if (scored < asked) {
      throw new CommandException(
          "%d of %d tasks could not be scored; why is said above".formatted(asked - scored, asked));
    }
    return ExitCode.OK;
  }

  /** What can be read; why another cannot is told before the work begins. */
  private List<Task> load(TaskSelection selection) {
    DataPath data = dataPath == null ? DataPath.NONE : DataPath.of(dataPath);
    List<Task> loaded = new ArrayList<>();
    for (TaskDefinition definition : selection.tasks()) {
      try {
        loaded.add(definition.load(data));
      } catch (ScoringException e) {
        tell(e);
      }
    }
    return loaded;
  }

  /** How many tasks were scored. */
  private int score(
      String model,
      Locations locations,
      TaskEncoder encoder,
      TaskSelection selection,
      ModelOptions options,
      Device.Found found) {
    LocalDateTime started = LocalDateTime.now();
    String location = Locations.named(model);
    Checkpoint checkpoint = Checkpoint.open(locations.checkpoint(location));
    List<EncodedTask> encoded =
        encoder.encode(tokenizer == null ? beside(location, locations) : tokenizer);
    if (encoded.isEmpty()) {
      return 0;
    }
    ScoreRun run =
        new ScoreRun(
            encoded,
            new ProgressDisplay(
                spec.commandLine().getErr(), CastaliaCommand.screen(spec), "tokens"));
    run.score(checkpoint, options);
    run.failures().forEach(this::tell);
    if (!run.scored().isEmpty()) {
      Results results =
          new Results(
              model,
              Fingerprint.of(checkpoint.weights()),
              options,
              started,
              run.opening(),
              Duration.between(started, LocalDateTime.now()),
              run.scored(),
              selection.allGroups());
      Results.Content content = results.content();
      Path file;
      try {
        // Before it is shown: a reader who has seen enough ends the process.
        file = write(results, content);
      } finally {
        // What could not be written need not be scored again.
        if (models.size() > 1) {
          spec.commandLine().getOut().println(model);
        }
        report(content);
        speed(results, found);
      }
      spec.commandLine().getOut().println("written to " + file);
    }
    return run.scored().size();
  }

  private static Path beside(String location, Locations locations) {
    return HubReference.is(location)
        ? locations.tokenizer(location)
        : TokenizerFile.near(locations.checkpoint(location));
  }

  private void tell(ScoringException failure) {
    spec.commandLine().getErr().println("castalia: " + failure.getMessage());
  }

  private Path write(Results results, Results.Content content) {
    try {
      return results.write(content, output, logSamples);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Hours before it is written to. */
  private void requireOutput() {
    try {
      Files.createDirectories(output);
      Files.delete(Files.createTempFile(output, ".castalia", null));
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private CommandException unwritable(IOException reason) {
    return new CommandException(output + ": cannot be written (" + reason + ")", reason);
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

  private void report(Results.Content results) {
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
}
