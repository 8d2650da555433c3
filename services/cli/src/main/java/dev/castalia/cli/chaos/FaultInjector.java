package dev.castalia.cli.chaos;

import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.cluster.Part;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Kills, restarts and pauses parts of a cluster, drawn at random; the cluster starts those that
 * died again. For one thread.
 */
final class FaultInjector {

  private enum Fault {
    KILL,
    RESTART,
    PAUSE
  }

  /** A part that dies more often is given up by the cluster. */
  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(16);

  private static final Duration LONGEST_GAP = Duration.ofSeconds(4);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

  private final LocalCluster cluster;
  private final RandomGenerator random;
  private final Consumer<String> told;
  private final Map<Part, Instant> killed = new HashMap<>();

  /**
   * @param told what is done, in lines for people
   */
  public FaultInjector(LocalCluster cluster, RandomGenerator random, Consumer<String> told) {
    this.cluster = cluster;
    this.random = random;
    this.told = told;
  }

  /**
   * Waits some seconds, then does one thing to one part. A part that was restarted or paused runs
   * again.
   *
   * @return whether anything was done: a part that is down already is left alone
   */
  public boolean injectOne() throws InterruptedException {
    Thread.sleep(upTo(LONGEST_GAP));
    List<Part> parts = cluster.parts();
    Part part = parts.get(random.nextInt(parts.size()));
    Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
    Duration pause = upTo(LONGEST_PAUSE);
    if (!part.isAlive()) {
      return false;
    }
    if (fault == Fault.KILL && mayDie(part)) {
      told.accept("kill " + part.name());
      killed.put(part, Instant.now());
      part.kill();
    } else if (fault == Fault.RESTART) {
      told.accept("restart " + part.name());
      part.restart();
    } else {
      told.accept("pause %s for %.1f s".formatted(part.name(), pause.toMillis() / 1e3));
      pause(part, pause);
    }
    return true;
  }

  private boolean mayDie(Part part) {
    Instant before = killed.getOrDefault(part, Instant.MIN);
    return before.isBefore(Instant.now().minus(BETWEEN_KILLS));
  }

  private Duration upTo(Duration most) {
    return Duration.ofMillis(random.nextLong(most.toMillis()));
  }

  /** Stops the part for that long: it comes back without knowing that time has passed. */
  public static void pause(Part part, Duration time) throws InterruptedException {
    part.pause();
    try {
      Thread.sleep(time);
    } finally {
      part.resume();
    }
  }
}
