package dev.castalia.cli.command;

import dev.castalia.cli.follow.Follower;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.Json;
import dev.castalia.cli.suite.RunFacts;
import dev.castalia.cli.suite.RunFolder;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Announces checkpoints as a training run writes them. */
@Command(
    name = "follow",
    description = {
      "Watches a folder and publishes each checkpoint once it is complete on disk, until Ctrl-C.",
      "DIR is a run (stepN or checkpoint-N folders in it), a folder of runs, or a suite"
          + " (suite.json). A checkpoint is complete when its config.json and weights are there, all"
          + " shards and as long as they say, and nothing has touched them for --settle seconds. One"
          + " that is written again is published again; what is published already stays as it is,"
          + " so it can be started again at any time. With a standing sweep ('castalia sweep"
          + " --standing') a run is evaluated while it trains."
    })
public final class FollowCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private GatewayOption gateway;

  @Parameters(paramLabel = "DIR", description = "What to follow.")
  private Path directory;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description =
          "The tokenizer.json; looked for in the checkpoint's folder and those above it unless"
              + " given.")
  private Path tokenizer;

  @Option(
      names = "--settle",
      paramLabel = "SECONDS",
      defaultValue = "2",
      description =
          "How long nothing may have touched a checkpoint; ${DEFAULT-VALUE} unless given.")
  private double settle;

  @ArgGroup(validate = false, heading = "%nFacts that a checkpoint's files do not tell:%n")
  private RunFacts facts = new RunFacts();

  @Option(names = "--json", description = "Print every checkpoint as a line of JSON.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    if (!(settle > 0 && settle <= 3600)) {
      throw new ParameterException(
          spec.commandLine(), "--settle is " + settle + ": give seconds, above 0 and up to 3600");
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    RunFolder folder = new RunFolder(directory, facts, tokenizer);
    try (GatewayClient client = gateway.client()) {
      if (!json) {
        out.println("following " + folder.root() + "; Ctrl-C ends it");
        out.flush();
      }
      new Follower(
              folder,
              client,
              Duration.ofMillis(Math.round(settle * 1000)),
              event -> {
                out.println(json ? Json.line(event) : described(event));
                out.flush();
              },
              trouble -> err.println("castalia: " + trouble))
          .run();
    }
    return ExitCode.OK;
  }

  private static String described(Follower.Event event) {
    String change =
        switch (event.change()) {
          case CREATED -> "published";
          case UPDATED ->
              event.replaced() == null
                  ? "published with other facts than before"
                  : "published anew";
          case UNCHANGED -> "published already";
        };
    return event.replaced() == null
        ? "%s: %s".formatted(event.checkpoint(), change)
        : "%s: %s: its weights are others (%.12s, before %.12s), so it is scored anew"
            .formatted(event.checkpoint(), change, event.contentHash(), event.replaced());
  }
}
