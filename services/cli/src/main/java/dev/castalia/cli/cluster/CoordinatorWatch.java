package dev.castalia.cli.cluster;

import dev.castalia.schemas.Groups;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Notices a broker whose group coordinators do not answer. A coordinator that could not be loaded,
 * as Kafka 4.3.1's now and then cannot when its broker was killed, stays away until another broker
 * leads its partition, or this one is started again; of a single broker the groups are dead until
 * then.
 */
final class CoordinatorWatch implements Runnable {

  /** Loading takes a second, on a busy machine some. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final int DEAD_COORDINATOR = 70;
  private static final List<String> GROUPS = List.of(Groups.AGGREGATOR, Groups.SCORERS);

  private final String bootstrap;
  private final Duration patience;
  private final Runnable dead;

  /**
   * @param patience how long a coordinator may leave a question unanswered
   * @param dead what is done then
   */
  CoordinatorWatch(String bootstrap, Duration patience, Runnable dead) {
    this.bootstrap = bootstrap;
    this.patience = patience;
    this.dead = dead;
  }

  /** Has the broker in this process end, to be started again, once a coordinator is dead. */
  static void start(int port) {
    CoordinatorWatch watch =
        new CoordinatorWatch(
            "localhost:" + port, PATIENCE, () -> Runtime.getRuntime().halt(DEAD_COORDINATOR));
    Thread.ofPlatform().daemon().name("coordinator-watch").start(watch);
  }

  @Override
  public void run() {
    int millis = Math.toIntExact(patience.toMillis());
    try (Admin admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                millis,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                millis))) {
      while (true) {
        for (String group : GROUPS) {
          if (isUp(admin) && !isAnswered(admin, group)) {
            System.err.printf(
                "The coordinator of group %s has not answered for %d s: the broker ends, to be started again%n",
                group, patience.toSeconds());
            dead.run();
            return;
          }
        }
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isUp(Admin admin) throws InterruptedException {
    try {
      admin.describeCluster().nodes().get();
      return true;
    } catch (ExecutionException e) {
      // Not yet, or no more: not for this watch to judge.
      return false;
    }
  }

  /** Whether there was an answer of any kind. */
  private static boolean isAnswered(Admin admin, String group) throws InterruptedException {
    try {
      admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      return true;
    } catch (ExecutionException e) {
      return !(e.getCause() instanceof TimeoutException);
    }
  }
}
