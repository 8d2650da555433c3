package dev.castalia.cli.chaos;

import dev.castalia.cli.cluster.Installation;
import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.GatewayException;
import dev.castalia.cli.gateway.SweepOrder;
import dev.castalia.cli.gateway.SweepProgress;
import dev.castalia.cli.suite.Announcement;
import dev.castalia.cli.suite.Suite;
import dev.castalia.cli.suite.SuitePublisher;
import dev.castalia.cli.text.Numbers;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * The same checkpoints, scored again and again under other names: once in peace, then while parts
 * of the cluster die and halt; and what came of it compared.
 */
public final class ChaosRun implements AutoCloseable {

  /** The lock that goes with the pauses that are drawn: some are longer. */
  public static final Duration LOCK = Duration.ofSeconds(6);

  private static final String MODEL = "nano-74k";
  private static final String PEACE = "peace";
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final LocalCluster cluster;
  private final GatewayClient gateway;
  private final Consumer<String> told;
  private final List<CheckpointEntry> checkpoints;

  /**
   * How a round ended.
   *
   * @param faults how many things were done to parts
   * @param units what the sweep scored
   * @param violations what does not hold, in sentences; empty when all of it does
   */
  public record Round(long seed, int faults, int units, Duration time, List<String> violations) {

    @Override
    public String toString() {
      return "seed %d: %s in %.1f s, %s"
          .formatted(
              seed,
              Numbers.count(faults, "fault"),
              time.toMillis() / 1e3,
              violations.isEmpty()
                  ? "nothing lost"
                  : Numbers.count(violations.size(), "violation"));
    }
  }

  /**
   * Publishes the bundled suite and scores it in peace.
   *
   * @param told what is done, in lines for people
   */
  public ChaosRun(LocalCluster cluster, Consumer<String> told) throws InterruptedException {
    this.cluster = cluster;
    this.gateway = new GatewayClient(URI.create(cluster.gatewayUrl()));
    this.told = told;
    Announcement suite =
        Suite.read(Installation.find().suite("nano")).announcement(Suite.Steps.DEMO);
    checkpoints = suite.checkpoints().stream().filter(it -> it.model().equals(MODEL)).toList();
    new SuitePublisher(gateway)
        .publish(new Announcement(suite.tasks(), List.of(), List.of(), List.of()));
    order(PEACE, List.of(PEACE));
    watch(PEACE);
  }

  /** One sweep, disturbed as the seed says; when it ends every part works again. */
  public Round round(long seed) throws InterruptedException {
    Instant begun = Instant.now();
    String sweep = "chaos-" + begun.toEpochMilli();
    List<String> models = List.of(sweep + "-a", sweep + "-b", sweep + "-c");
    order(sweep, models);
    int faults = disturb(sweep, seed);
    cluster.awaitAllReady();
    SweepProgress end = watch(sweep);
    List<String> violations =
        end.over()
            ? Invariants.violations(cluster, sweep, models, PEACE)
            : List.of("The sweep is not over after %s: %s".formatted(PATIENCE, end));
    return new Round(seed, faults, end.done(), Duration.between(begun, Instant.now()), violations);
  }

  private int disturb(String sweep, long seed) throws InterruptedException {
    FaultInjector injector = new FaultInjector(cluster, new Random(seed), told);
    Instant end = Instant.now().plus(LONGEST);
    int faults = 0;
    while (Instant.now().isBefore(end) && !isOver(sweep)) {
      if (injector.injectOne()) {
        faults++;
      }
    }
    return faults;
  }

  private boolean isOver(String sweep) {
    try {
      return gateway.progress(sweep).over();
    } catch (GatewayException e) {
      // It is one of the parts that die.
      return false;
    }
  }

  private void order(String sweep, List<String> models) {
    for (String model : models) {
      gateway.publishCheckpoints(checkpoints.stream().map(it -> it.ofModel(model)).toList());
    }
    gateway.createSweep(
        new SweepOrder(sweep, "chaos", models, "all", List.of("*"), null, null, false, 0));
  }

  private SweepProgress watch(String sweep) throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    SweepProgress progress = gateway.progress(sweep);
    while (!progress.over() && Instant.now().isBefore(end)) {
      Thread.sleep(Duration.ofMillis(300));
      progress = gateway.progress(sweep);
    }
    return progress;
  }

  @Override
  public void close() {
    gateway.close();
  }
}
