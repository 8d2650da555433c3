package dev.castalia.cli.command;

import dev.castalia.cli.CommandException;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.report.Language;
import dev.castalia.cli.report.Report;
import dev.castalia.cli.text.WholeFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes what the scores say. */
@Command(
    name = "report",
    description = {
      "Says what the scores of one source, of one precision, support of five claims about how"
          + " models learn, and what they cannot say.",
      "The HTML file also has curves and every finding, and needs nothing beside it."
    })
public final class ReportCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private GatewayOption gateway;
  @Mixin private WaitOption wait;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write the report there; only the claims are printed unless given.")
  private Path html;

  @Option(
      names = "--lang",
      paramLabel = "en|ko",
      defaultValue = "en",
      description = "English or Korean; ${DEFAULT-VALUE} unless given.")
  private Language language;

  @Option(
      names = "--source",
      paramLabel = "NAME",
      description =
          "Whose scores: a source, or castalia; the one with the most scores unless given.")
  private String source;

  @Option(
      names = "--dtype",
      description =
          "The precision of the scores; float32 unless given, or the one with the most scores where"
              + " the source has none in it.")
  private String dtype;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Report report;
    try (GatewayClient client = gateway.client()) {
      report = Report.of(client, source, dtype, wait.await(client));
    }
    if (html == null) {
      report.summary(language).forEach(out::println);
      return ExitCode.OK;
    }
    Path target = html.toAbsolutePath();
    write(target, report.html(language));
    out.println(target);
    return ExitCode.OK;
  }

  /** What is no file of its own, such as /dev/stdout or another link, is written through. */
  private static void write(Path target, String page) {
    if (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
        || Files.notExists(target, LinkOption.NOFOLLOW_LINKS)) {
      WholeFile.write(target, part -> Files.writeString(part, page));
      return;
    }
    try {
      Files.writeString(target, page);
    } catch (IOException e) {
      throw new CommandException(target + ": cannot be written (" + e + ")", e);
    }
  }
}
