package dev.castalia.cli.chaos;

import dev.castalia.cli.cluster.ClusterException;
import dev.castalia.cli.cluster.Installation;
import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.GatewayException;
import dev.castalia.cli.gateway.SweepOrder;
import dev.castalia.cli.gateway.SweepProgress;
import dev.castalia.cli.progress.SweepWatch;
import dev.castalia.cli.suite.Announcement;
import dev.castalia.cli.suite.Suite;
import dev.castalia.cli.suite.SuitePublisher;
import dev.castalia.cli.text.Numbers;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * The bundled checkpoints of one model, scored again and again under other names, and compared with
 * what came of them in peace.
 */
final class RepeatedScoring implements AutoCloseable {

  private static final String MODEL = "nano-74k";
  private static final String PEACE = "peace";
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final LocalCluster cluster;
  private final GatewayClient gateway;
  private final Announcement suite;
  private final List<CheckpointEntry> checkpoints;

  RepeatedScoring(LocalCluster cluster) {
    this.cluster = cluster;
    this.gateway = new GatewayClient(URI.create(cluster.gatewayUrl()));
    this.suite = Suite.read(Installation.find().suite("nano")).announcement(Suite.Steps.DEMO);
    this.checkpoints = suite.checkpoints().stream().filter(it -> it.model().equals(MODEL)).toList();
  }

  /**
   * Publishes the bundled suite's tasks and scores the checkpoints once; all else is compared with
   * that.
   *
   * @throws ClusterException if not all of it is scored
   */
  void scoreInPeace() throws InterruptedException {
    new SuitePublisher(gateway)
        .publish(new Announcement(suite.tasks(), List.of(), List.of(), List.of()));
    order(PEACE, List.of(PEACE));
    requireWhole(awaitEnd(PEACE));
  }

  /** Publishes the checkpoints as those of each model and asks for a sweep over all of it. */
  void order(String sweep, List<String> models) {
    for (String model : models) {
      gateway.publishCheckpoints(checkpoints.stream().map(it -> it.ofModel(model)).toList());
    }
    gateway.createSweep(
        new SweepOrder(sweep, "chaos", models, "all", List.of("*"), null, null, false, 0));
  }

  /** Whether the gateway is there and says so. */
  boolean isOver(String sweep) {
    try {
      return gateway.progress(sweep).over();
    } catch (GatewayException e) {
      return false;
    }
  }

  /** The sweep when it is over, or as it is after four minutes. */
  SweepProgress awaitEnd(String sweep) throws InterruptedException {
    return new SweepWatch(gateway, sweep).each(progress -> {}, PATIENCE);
  }

  /**
   * What does not hold of a sweep, beside what came of its models' checkpoints in peace.
   *
   * @param end its last state
   * @param models all that it scored
   * @return sentences; empty when all of it holds
   */
  List<String> violations(SweepProgress end, List<String> models) {
    return end.over()
        ? Invariants.violations(cluster, end.sweep(), models, PEACE)
        : List.of(late(end));
  }

  static void requireWhole(SweepProgress peace) {
    if (!peace.over()) {
      throw nothingToCompareWith(late(peace));
    }
    if (peace.failed() > 0) {
      throw nothingToCompareWith(
          "%d of %d units failed".formatted(peace.failed(), peace.planned()));
    }
  }

  private static ClusterException nothingToCompareWith(String why) {
    return new ClusterException(
        why
            + ", though nothing was disturbed yet, so there is nothing to compare with: see what the"
            + " parts' logs say, which --data keeps");
  }

  private static String late(SweepProgress progress) {
    return "The sweep is not over after %s, with %d of %d units scored"
        .formatted(Numbers.duration(PATIENCE), progress.done(), progress.planned());
  }

  @Override
  public void close() {
    gateway.close();
  }
}
