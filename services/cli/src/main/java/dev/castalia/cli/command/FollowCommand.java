package dev.castalia.cli.command;

import dev.castalia.cli.follow.Announced;
import dev.castalia.cli.follow.Follower;
import dev.castalia.cli.follow.HubFollower;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.Json;
import dev.castalia.cli.suite.RunFacts;
import dev.castalia.cli.suite.RunFolder;
import dev.castalia.cli.suite.RunRepository;
import dev.castalia.scoring.source.Hub;
import dev.castalia.scoring.source.HubReference;
import dev.castalia.scoring.source.HubSettings;
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
      "With hf:ORG/NAME, watches a repository of the hub, whose branches and tags named stepN are its"
          + " checkpoints; each is fetched into the hub's cache for its fingerprint, and stays there"
          + " until you remove it.",
      "DIR is a run (stepN or checkpoint-N folders in it), a folder of runs, or a suite"
          + " (suite.json); links are followed. A checkpoint is complete when its config.json and"
          + " weights are there, all shards and as long as they say, and nothing has touched them for --settle seconds. One"
          + " that is written again is published again, and what the gateway refuses is tried again;"
          + " what is published already stays as it is, so it can be started again at any time. With a standing sweep ('castalia sweep"
          + " --standing') a run is evaluated while it trains."
    })
public final class FollowCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private GatewayOption gateway;

  @Parameters(paramLabel = "DIR|hf:ORG/NAME", description = "What to follow.")
  private String source;

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

  @Option(
      names = "--every",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How often the hub is asked; ${DEFAULT-VALUE} unless given.")
  private double every;

  @Option(
      names = "--retire-gone",
      description =
          "Also retire, as 'castalia retire' does, what is published of DIR by its path and is no"
              + " longer there. Where no step's folder is left in a run, or a link leads nowhere, its"
              + " disk is taken to be away, and it is not retired.")
  private boolean retireGone;

  @ArgGroup(validate = false, heading = "%nFacts that a checkpoint's files do not tell:%n")
  private RunFacts facts = new RunFacts();

  @Option(names = "--json", description = "Print every checkpoint as a line of JSON.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    require("--settle", settle);
    require("--every", every);
    try (GatewayClient client = gateway.client()) {
      if (HubReference.is(source)) {
        if (retireGone) {
          throw new ParameterException(
              spec.commandLine(),
              "--retire-gone is for a folder: what was fetched from the hub stays in its cache");
        }
        followHub(client);
      } else {
        followFolder(client);
      }
    }
    return ExitCode.OK;
  }

  private void followFolder(GatewayClient client) throws InterruptedException {
    RunFolder folder = new RunFolder(Path.of(source), facts, tokenizer);
    begin(folder.root().toString());
    new Follower(folder, client, seconds(settle), retireGone, this::tell, this::warn).run();
  }

  private void followHub(GatewayClient client) throws InterruptedException {
    RunRepository repository =
        new RunRepository(source.substring(HubReference.SCHEME.length()), facts, tokenizer);
    begin(source);
    Hub hub = new Hub(HubSettings.from(System.getenv()));
    new HubFollower(hub, repository, client, seconds(every), this::tell, this::warn).run();
  }

  private void require(String option, double seconds) {
    if (!(seconds > 0 && seconds <= 3600)) {
      throw new ParameterException(
          spec.commandLine(), option + " is " + seconds + ": give seconds, above 0 and up to 3600");
    }
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.max(1, Math.round(seconds * 1000)));
  }

  private void begin(String what) {
    if (!json) {
      PrintWriter out = spec.commandLine().getOut();
      out.println("following " + what + "; Ctrl-C ends it");
      out.flush();
    }
  }

  private void tell(Announced event) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? Json.line(event) : described(event));
    out.flush();
  }

  private void warn(String trouble) {
    spec.commandLine().getErr().println("castalia: " + trouble);
  }

  private static String described(Announced event) {
    String change =
        switch (event.change()) {
          case CREATED -> "published";
          case UPDATED ->
              event.replaced() == null
                  ? "published with other facts than before"
                  : "published anew";
          case UNCHANGED -> "published already";
          case RETIRED -> "retired: its folder is gone";
        };
    return event.replaced() == null
        ? "%s: %s".formatted(event.checkpoint(), change)
        : "%s: %s: its weights are others (%.12s, before %.12s), so it is scored anew"
            .formatted(event.checkpoint(), change, event.contentHash(), event.replaced());
  }
}
