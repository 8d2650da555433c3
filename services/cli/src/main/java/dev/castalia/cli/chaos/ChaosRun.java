package dev.castalia.cli.chaos;

import dev.castalia.cli.cluster.ClusterException;
import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.gateway.SweepProgress;
import dev.castalia.cli.text.Numbers;
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

  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final LocalCluster cluster;
  private final RepeatedScoring scoring;
  private final Consumer<String> told;

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
   * @throws ClusterException if not all of it is scored
   */
  public ChaosRun(LocalCluster cluster, Consumer<String> told) throws InterruptedException {
    this.cluster = cluster;
    this.told = told;
    this.scoring = new RepeatedScoring(cluster);
    try {
      scoring.scoreInPeace();
    } catch (ClusterException | InterruptedException e) {
      scoring.close();
      throw e;
    }
  }

  /** One sweep, disturbed as the seed says; when it ends every part works again. */
  public Round round(long seed) throws InterruptedException {
    Instant begun = Instant.now();
    String sweep = "chaos-" + begun.toEpochMilli();
    List<String> models = List.of(sweep + "-a", sweep + "-b", sweep + "-c");
    scoring.order(sweep, models);
    int faults = disturb(sweep, seed);
    cluster.awaitAllReady();
    SweepProgress end = scoring.awaitEnd(sweep);
    List<String> violations = scoring.violations(end, models);
    return new Round(seed, faults, end.done(), Duration.between(begun, Instant.now()), violations);
  }

  private int disturb(String sweep, long seed) throws InterruptedException {
    FaultInjector injector = new FaultInjector(cluster, new Random(seed), told);
    Instant end = Instant.now().plus(LONGEST);
    int faults = 0;
    while (Instant.now().isBefore(end) && !scoring.isOver(sweep)) {
      if (injector.injectOne()) {
        faults++;
      }
    }
    return faults;
  }

  @Override
  public void close() {
    scoring.close();
  }
}
