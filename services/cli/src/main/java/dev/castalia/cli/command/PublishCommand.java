package dev.castalia.cli.command;

import dev.castalia.cli.CommandException;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.Json;
import dev.castalia.cli.gateway.Published;
import dev.castalia.cli.suite.Announcement;
import dev.castalia.cli.suite.CatalogSource;
import dev.castalia.cli.suite.RunFacts;
import dev.castalia.cli.suite.Sources;
import dev.castalia.cli.suite.SuitePublisher;
import dev.castalia.cli.suite.SuitePublisher.Publication;
import dev.castalia.cli.suite.TaskChoice;
import dev.castalia.scoring.catalog.Catalog;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Announces what there is to evaluate, and on what. */
@Command(
    name = "publish",
    description = {
      "Announces checkpoints and tasks to a running gateway.",
      "A DIR is a suite (suite.json), a checkpoint (config.json and weights), a folder of"
          + " checkpoints (step*/), or a folder of tasks (*.yaml).",
      "SUITE:SIZES names runs on the Hugging Face hub, such as pythia:70m..1.4b or"
          + " pythia:160m-deduped; a SUITE may also be the path of a file like Pythia's."
    })
public final class PublishCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private GatewayOption gateway;

  @Parameters(paramLabel = "DIR|SUITE:SIZES", arity = "1..*", description = "What to publish.")
  private List<String> sources;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description = "The tokenizer.json; looked for in DIR and the folders above it unless given.")
  private Path tokenizer;

  @Mixin private TaskChoice choice = new TaskChoice();

  @ArgGroup(validate = false, heading = "%nFacts that a checkpoint's files do not tell:%n")
  private RunFacts facts = new RunFacts();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Announcement announcement = Announcement.NOTHING;
    for (String source : sources) {
      announcement = announcement.plus(read(source));
    }
    announcement.missing().forEach(line -> err.println("castalia: " + line));
    announcement.wrong().forEach(line -> err.println("castalia: " + line));
    Publication publication;
    try (GatewayClient client = gateway.client()) {
      publication = new SuitePublisher(client).publish(announcement);
    }
    if (json) {
      out.println(Json.indented(publication));
    } else {
      describe("tasks", announcement.tasks().size(), publication.tasks(), out);
      describe("checkpoints", announcement.checkpoints().size(), publication.checkpoints(), out);
    }
    return announcement.wrong().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private Announcement read(String source) {
    if (!Catalog.isSelection(source) || Files.exists(Path.of(source))) {
      return Sources.read(Path.of(source), facts, tokenizer, choice);
    }
    if (facts.any()) {
      throw new CommandException(
          source + " is of a suite, which tells of its runs itself: leave the flags out");
    }
    return CatalogSource.announcement(
        Catalog.select(source), tokenizer == null ? null : tokenizer.toAbsolutePath().normalize());
  }

  private static void describe(String what, int count, Published published, PrintWriter out) {
    if (count > 0) {
      out.printf(
          "%d %s: %d new, %d updated, %d unchanged%n",
          count, what, published.created(), published.updated(), published.unchanged());
    }
  }
}
