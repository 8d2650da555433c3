package dev.castalia.cli.command;

import dev.castalia.cli.gateway.Json;
import dev.castalia.cli.text.Numbers;
import dev.castalia.cli.text.Table;
import dev.castalia.scoring.bench.SpeedBenchmark;
import dev.castalia.scoring.bench.SpeedBenchmark.Report;
import dev.castalia.scoring.bench.SpeedBenchmark.Row;
import dev.castalia.scoring.bench.TaskShape;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.model.Device;
import dev.castalia.scoring.model.MatrixRate;
import dev.castalia.scoring.model.ModelOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures how fast models score, against how fast the machine multiplies matrices. */
@Command(
    name = "speed",
    description = {
      "Measures how fast models open and score, against this machine's rate of matrix products.",
      "Random tokens in the shapes of well-known tasks: choices as ARC-Easy's, a continuation as"
          + " LAMBADA's, few-shot as MMLU's with five, text as WikiText's. The share is that of the"
          + " matrix rate which the operations no exact way can do without reach."
    })
final class SpeedBenchCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description =
          "A checkpoint to measure with, or several, one after another; one of random weights and"
              + " pythia-70m's shape unless given.")
  private List<Path> models = List.of();

  @Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "8192",
      description = "Tokens a round, about; ${DEFAULT-VALUE} unless given.")
  private int tokens;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Measured rounds, the best of which counts; ${DEFAULT-VALUE} unless given.")
  private int rounds;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the runtime; one a processor unless given.")
  private Integer threads;

  @Mixin private ComputeMixin compute;

  @Option(
      names = "--operators",
      description = {
        "Also tell what part of the time each kind of operator takes.",
        "On a GPU that is true only with CUDA_LAUNCH_BLOCKING=1 in the environment."
      })
  private boolean operators;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  /** What is printed as JSON. */
  private record Measured(
      String device,
      String dtype,
      int threads,
      double matrixOperationsPerSecond,
      List<MeasuredModel> models) {}

  private record MeasuredModel(
      String model, Report report, Map<TaskShape, Map<String, Double>> operatorSeconds) {}

  @Override
  public void run() {
    Options.atLeast(spec, "--tokens", tokens, 1);
    Options.atLeast(spec, "--rounds", rounds, 1);
    Options.atLeast(spec, "--threads", threads, 1);
    Device.Found found = compute.found();
    ModelOptions options = compute.options(found, threads);
    double rate = MatrixRate.measure(options);
    if (!json) {
      spec.commandLine()
          .getOut()
          .printf(
              "%s on %s, %s: %sFLOP/s in products of large matrices%n",
              options.precision().dtype(),
              found,
              Numbers.count(options.threads(), "thread"),
              Numbers.amount(rate));
    }
    List<MeasuredModel> measured = new ArrayList<>();
    if (models.isEmpty()) {
      try (BenchModel model = BenchModel.write()) {
        measured.add(measure("random weights, pythia-70m's shape", model.folder(), options, rate));
      }
    }
    models.forEach(model -> measured.add(measure(model.toString(), model, options, rate)));
    if (json) {
      Measured all =
          new Measured(
              found.device().toString(),
              options.precision().dtype(),
              options.threads(),
              rate,
              measured);
      spec.commandLine().getOut().println(Json.indented(all));
    }
  }

  private MeasuredModel measure(String name, Path folder, ModelOptions options, double rate) {
    Checkpoint checkpoint = Checkpoint.open(folder);
    Report report = SpeedBenchmark.run(checkpoint, options, tokens, rounds);
    Map<TaskShape, Map<String, Double>> parts = new EnumMap<>(TaskShape.class);
    if (operators) {
      for (TaskShape shape : TaskShape.values()) {
        Map<String, Double> seconds = new TreeMap<>();
        SpeedBenchmark.operators(checkpoint, options, shape, tokens)
            .forEach((operator, time) -> seconds.put(operator, time.toNanos() / 1e9));
        parts.put(shape, seconds);
      }
    }
    if (!json) {
      print(name, report, rate, parts);
    }
    return new MeasuredModel(name, report, parts);
  }

  private void print(
      String name, Report report, double rate, Map<TaskShape, Map<String, Double>> parts) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%n%s: opened in %.2f s%n", name, report.openingSeconds());
    Table table =
        new Table("task", ">documents", ">documents/s", ">tokens/s", ">padding", ">of the rate");
    for (Row row : report.rows()) {
      table.row(
          name(row.shape()),
          row.documents(),
          Numbers.amount(row.documentsPerSecond()),
          Numbers.amount(row.tokensPerSecond()),
          percent(1 - (double) row.tokens() / row.places()),
          percent(row.operationsPerSecond() / rate));
    }
    table.lines().forEach(out::println);
    parts.forEach(
        (shape, times) -> {
          double all = times.values().stream().mapToDouble(Double::doubleValue).sum();
          StringBuilder line = new StringBuilder(name(shape) + ":");
          times.entrySet().stream()
              .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
              .limit(8)
              .forEach(
                  it ->
                      line.append(' ')
                          .append(it.getKey())
                          .append(' ')
                          .append(percent(it.getValue() / all)));
          out.println(line);
        });
  }

  private static String name(TaskShape shape) {
    return shape.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String percent(double share) {
    return "%.1f %%".formatted(100 * share);
  }
}
