package dev.castalia.cli.command;

import dev.castalia.cli.gateway.Json;
import dev.castalia.cli.text.Numbers;
import dev.castalia.scoring.bench.LogitsBenchmark;
import dev.castalia.scoring.bench.LogitsBenchmark.Report;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.model.ModelOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures what it brings to compute logits only where they are asked for. */
@Command(
    name = "logits",
    description = {
      "Measures logits only where they are asked for against logits at every position.",
      "Requests like LAMBADA's through one graph, a model of pythia-70m's shape with random weights"
          + " unless another is given; each way's best round, in tokens a second."
    })
final class LogitsBenchCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "A checkpoint to measure with; one of random weights unless given.")
  private Path model;

  @Option(
      names = "--requests",
      paramLabel = "N",
      defaultValue = "64",
      description = "Requests a round; ${DEFAULT-VALUE} unless given.")
  private int requests;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Measured rounds; ${DEFAULT-VALUE} unless given.")
  private int rounds;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the runtime; one a processor unless given.")
  private Integer threads;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Override
  public void run() {
    Options.atLeast(spec, "--requests", requests, 1);
    Options.atLeast(spec, "--rounds", rounds, 1);
    Options.atLeast(spec, "--threads", threads, 1);
    if (model != null) {
      measure(model);
      return;
    }
    try (BenchModel random = BenchModel.write()) {
      measure(random.folder());
    }
  }

  private void measure(Path folder) {
    ModelOptions options =
        ModelOptions.DEFAULT.withThreads(
            threads == null ? Runtime.getRuntime().availableProcessors() : threads);
    Report report = LogitsBenchmark.run(Checkpoint.open(folder), options, requests, rounds);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      record Measured(
          long tokens,
          int threads,
          double rowsOnlyTokensPerSecond,
          double everyPositionTokensPerSecond,
          double ratio) {}
      out.println(
          Json.indented(
              new Measured(
                  report.tokens(),
                  options.threads(),
                  report.rowsOnly(),
                  report.everyPosition(),
                  report.ratio())));
      return;
    }
    out.printf(
        "%s a round, best of %s, %s%n",
        Numbers.count(report.tokens(), "token"),
        Numbers.count(rounds, "round"),
        Numbers.count(options.threads(), "thread"));
    out.printf("logits where asked for:   %s tokens/s%n", Numbers.amount(report.rowsOnly()));
    out.printf("logits at every position: %s tokens/s%n", Numbers.amount(report.everyPosition()));
    out.println("ratio: " + Numbers.value(report.ratio()));
  }
}
