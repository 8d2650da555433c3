package dev.castalia.cli.command;

import dev.castalia.cli.CastaliaCommand;
import dev.castalia.cli.CommandException;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.Json;
import dev.castalia.cli.gateway.Published;
import dev.castalia.cli.gateway.ReportEntry;
import dev.castalia.cli.harness.HarnessResults;
import dev.castalia.cli.harness.NameMap;
import dev.castalia.cli.progress.ProgressDisplay;
import dev.castalia.cli.progress.Work;
import dev.castalia.cli.text.Numbers;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Source;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes in results files of lm-evaluation-harness. */
@Command(
    name = "lm-eval",
    description = {
      "Takes in results files of lm-evaluation-harness, of any of its versions.",
      "Whose results a file holds is told from its configuration, else from its path, else from"
          + " --map. Files that cannot be read are listed and left out; the exit code is then 1."
    })
public final class ImportHarnessCommand implements Callable<Integer> {

  /** A request of some hundred KB. */
  private static final int SCORES_A_REQUEST = 2_000;

  @Spec private CommandSpec spec;
  @Mixin private GatewayOption gateway;

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "Results files, and folders with such files in them.")
  private List<Path> paths;

  @Option(
      names = "--source",
      paramLabel = "NAME",
      description =
          "Whose scores they are, but not castalia; scores of one source make one trajectory a run."
              + " The name of the folder that holds all of them unless given.")
  private String source;

  @Option(
      names = "--map",
      paramLabel = "FILE",
      description = {
        "Says what files and their paths do not: a YAML list of entries with path (a regular"
            + " expression), and any of model, revision, step, parameters, tokensSeen, variant,"
            + " seed, language, parent (MODEL@REVISION), learningRate, suite, shots, which may hold"
            + " $1. A model is named as it says."
      })
  private Path map;

  @Option(names = "--json", description = "Print what was done as JSON.")
  private boolean json;

  /** What the import did. */
  private record Done(
      String source,
      int files,
      int checkpoints,
      int scores,
      Published published,
      List<String> unreadable,
      List<String> contradictions) {}

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    HarnessResults results = read();
    results.contradictions().forEach(line -> err.println("castalia: " + line));
    results.unreadable().forEach(line -> err.println("castalia: " + line));
    Published published = results.reports().isEmpty() ? Published.NOTHING : send(results);
    describe(results, published);
    return results.unreadable().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private HarnessResults read() {
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw new ParameterException(
            spec.commandLine(), path + ": there is no such file or folder");
      }
    }
    NameMap names = map == null ? NameMap.NONE : NameMap.read(map);
    try {
      HarnessResults results = HarnessResults.read(paths, source(), names);
      if (results.files() == 0) {
        throw new CommandException(paths + ": no .json files are in there");
      }
      return results;
    } catch (IOException e) {
      throw new CommandException("the files cannot be listed (" + e + ")", e);
    }
  }

  private String source() {
    if (source == null) {
      source =
          commonFolder().getFileName() == null ? "files" : commonFolder().getFileName().toString();
      source = Keys.keyable(source);
    }
    if (source.equals(Source.OWN)) {
      throw new ParameterException(
          spec.commandLine(),
          "the source would be %s, which is what Castalia itself measured: give another name with --source NAME"
              .formatted(source));
    }
    try {
      return Keys.requireName("source", source);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--source: " + e.getMessage());
    }
  }

  private Path commonFolder() {
    Path common = null;
    for (Path path : paths) {
      Path whole = path.toAbsolutePath().normalize();
      Path folder = Files.isDirectory(whole) ? whole : whole.getParent();
      common = common == null ? folder : common;
      while (!folder.startsWith(common)) {
        common = common.getParent();
      }
    }
    return common;
  }

  private Published send(HarnessResults results) throws InterruptedException {
    List<List<ReportEntry>> requests = requests(results.reports());
    ProgressDisplay display =
        new ProgressDisplay(spec.commandLine().getErr(), CastaliaCommand.screen(spec), "scores");
    try (GatewayClient client = gateway.client()) {
      ScoreDelivery delivery = new ScoreDelivery(client, ScoreDelivery.Clock.SYSTEM);
      Published published = Published.NOTHING;
      List<List<ReportEntry>> changed = new ArrayList<>();
      int done = 0;
      for (List<ReportEntry> request : requests) {
        int scores = ScoreDelivery.scores(request);
        Published part = delivery.send(request);
        if (part.unchanged() < scores) {
          changed.add(request);
        }
        published = published.plus(part);
        done += scores;
        display.update(work(done, results.scores(), null));
      }
      delivery.settle(changed);
      display.finish(work(done, results.scores(), null));
      return published;
    }
  }

  private static List<List<ReportEntry>> requests(List<ReportEntry> reports) {
    List<List<ReportEntry>> requests = new ArrayList<>();
    int scores = SCORES_A_REQUEST;
    for (ReportEntry report : reports) {
      if (scores + report.scores() > SCORES_A_REQUEST) {
        requests.add(new ArrayList<>());
        scores = 0;
      }
      requests.getLast().add(report);
      scores += report.scores();
    }
    return requests;
  }

  private Work work(int done, int all, String note) {
    return new Work("import of " + source, new Work.Count(all, done, 0), List.of(), note);
  }

  private void describe(HarnessResults results, Published published) {
    PrintWriter out = spec.commandLine().getOut();
    long runs = results.reports().stream().map(it -> it.checkpoint().model()).distinct().count();
    int checkpoints =
        (int) results.reports().stream().map(it -> it.checkpoint().key()).distinct().count();
    long tasks =
        results.reports().stream()
            .flatMap(it -> it.tasks().stream())
            .map(ReportEntry.TaskReport::task)
            .distinct()
            .count();
    if (json) {
      out.println(
          Json.indented(
              new Done(
                  source,
                  results.files(),
                  checkpoints,
                  results.scores(),
                  published,
                  results.unreadable(),
                  results.contradictions())));
      return;
    }
    out.printf(
        "%s: %d of %s, %s of %s, %s%n",
        source,
        results.files() - results.unreadable().size(),
        Numbers.count(results.files(), "file"),
        Numbers.count(checkpoints, "checkpoint"),
        Numbers.count(runs, "run"),
        Numbers.count(tasks, "task"));
    out.printf(
        "%s scores: %s new, %s updated, %s unchanged%n",
        Numbers.count(results.scores()),
        Numbers.count(published.created()),
        Numbers.count(published.updated()),
        Numbers.count(published.unchanged()));
  }
}
