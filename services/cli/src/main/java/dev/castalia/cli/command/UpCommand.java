package dev.castalia.cli.command;

import dev.castalia.cli.cluster.LocalCluster;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Starts a cluster and keeps it up. */
@Command(
    name = "up",
    description = {
      "Starts a whole mesh on this machine and keeps it up until interrupted.",
      "Broker, schema registry, aggregator, gateway and scorers are processes of their own; one that"
          + " dies is named, with the last lines it printed, and started again."
    })
public final class UpCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ClusterMixin options;

  @Override
  public Integer call() throws InterruptedException {
    try (LocalCluster cluster = options.start()) {
      PrintWriter out = spec.commandLine().getOut();
      out.println("Castalia is up. Ctrl-C stops it.");
      out.println("  page and API  " + cluster.gatewayUrl());
      out.println("  Kafka         " + cluster.bootstrapServers());
      out.println("  registry      " + cluster.registryUrl());
      out.println("  logs          " + cluster.logs());
      out.flush();
      new CountDownLatch(1).await();
    }
    return 0;
  }
}
