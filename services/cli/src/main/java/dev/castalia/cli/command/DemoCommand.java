package dev.castalia.cli.command;

import dev.castalia.cli.CastaliaCommand;
import dev.castalia.cli.CommandException;
import dev.castalia.cli.cluster.Installation;
import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.Sweep;
import dev.castalia.cli.gateway.SweepOrder;
import dev.castalia.cli.gateway.SweepProgress;
import dev.castalia.cli.progress.ProgressDisplay;
import dev.castalia.cli.progress.SweepWatch;
import dev.castalia.cli.suite.Announcement;
import dev.castalia.cli.suite.Suite;
import dev.castalia.cli.suite.SuitePublisher;
import dev.castalia.cli.text.Boards;
import dev.castalia.cli.text.Numbers;
import dev.castalia.cli.text.ScorecardsFile;
import dev.castalia.schemas.ClusterSetup;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Evaluates a suite on a cluster of its own. */
@Command(
    name = "demo",
    description = {
      "Starts a mesh on this machine and evaluates a suite of checkpoints on it, live.",
      "Prints the page's address, then the progress of the sweep."
    })
public final class DemoCommand implements Callable<Integer> {

  private static final int BOARD_ENTRIES = 5;

  @Spec private CommandSpec spec;
  @Mixin private ClusterMixin options;

  @Option(
      names = "--suite",
      paramLabel = "DIR",
      description =
          "A folder with suite.json, checkpoints and tasks; the bundled one unless given.")
  private Path suite;

  @Option(names = "--exit", description = "End when the sweep is done, and leave nothing running.")
  private boolean exit;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write every scorecard to this file when the sweep is done.")
  private Path json;

  @Override
  public Integer call() throws InterruptedException {
    Suite read = suite();
    PrintWriter out = spec.commandLine().getOut();
    // Reading the tasks takes seconds, and so does the cluster's start.
    CompletableFuture<Announcement> announcement =
        CompletableFuture.supplyAsync(() -> announcement(read));
    try (LocalCluster cluster = options.start(ClusterSetup.DEFAULT_LOCK, true);
        GatewayClient gateway = new GatewayClient(URI.create(cluster.gatewayUrl()))) {
      out.println("The page is " + cluster.gatewayUrl());
      out.flush();
      SweepProgress end = sweep(gateway, result(announcement), out);
      if (json != null) {
        ScorecardsFile.write(json, gateway.scorecards());
      }
      out.println();
      Boards.printAll(gateway, BOARD_ENTRIES, out);
      if (!exit) {
        out.println();
        out.println("The page stays at " + cluster.gatewayUrl() + " until Ctrl-C.");
        out.flush();
        new CountDownLatch(1).await();
      }
      return failures(end);
    }
  }

  private Suite suite() {
    return Suite.read(suite == null ? Installation.find().suite("nano") : suite);
  }

  private Announcement announcement(Suite read) {
    Announcement announcement =
        read.announcement(suite == null ? Suite.Steps.DEMO : Suite.Steps.LISTED);
    announcement.missing().forEach(this::warn);
    announcement.wrong().forEach(this::warn);
    if (announcement.tasks().isEmpty()) {
      throw new CommandException(
          read.folder() + ": the suite has no task that can be read in tasks/");
    }
    return announcement;
  }

  private static Announcement result(CompletableFuture<Announcement> announcement) {
    try {
      return announcement.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private void warn(String line) {
    spec.commandLine().getErr().println("castalia: " + line);
  }

  private SweepProgress sweep(GatewayClient gateway, Announcement announcement, PrintWriter out)
      throws InterruptedException {
    new SuitePublisher(gateway).publish(announcement);
    Instant begun = Instant.now();
    Sweep sweep =
        gateway.createSweep(
            new SweepOrder(
                "demo-" + begun.toEpochMilli(),
                System.getProperty("user.name"),
                List.of("*"),
                "all",
                List.of("*"),
                null,
                null,
                false,
                0));
    SweepProgress end =
        SweepWatch.ofCreated(gateway, sweep.sweep())
            .show(new ProgressDisplay(out, CastaliaCommand.screen(spec), SweepWatch.UNIT));
    out.printf(
        "%s of %s in %.1f s%n",
        Numbers.count(end.done(), "unit"),
        Numbers.count(end.checkpoints(), "checkpoint"),
        Duration.between(begun, Instant.now()).toMillis() / 1e3);
    out.flush();
    return end;
  }

  private static int failures(SweepProgress end) {
    if (end.failed() > 0) {
      throw new CommandException(
          "%d of %d units failed; run without --exit and see 'castalia failures'"
              .formatted(end.failed(), end.planned()));
    }
    return 0;
  }
}
