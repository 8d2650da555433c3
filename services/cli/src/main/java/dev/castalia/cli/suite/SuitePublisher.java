package dev.castalia.cli.suite;

import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.Published;

/** Publishes what was read. */
public final class SuitePublisher {

  private final GatewayClient gateway;

  public SuitePublisher(GatewayClient gateway) {
    this.gateway = gateway;
  }

  /** What publishing did, of tasks and of checkpoints. */
  public record Publication(Published tasks, Published checkpoints) {}

  /**
   * Publishes tasks, then checkpoints; when this returns, the gateway knows all of them and a sweep
   * over them can be asked for.
   */
  public Publication publish(Announcement announcement) {
    Published tasks =
        announcement.tasks().isEmpty()
            ? Published.NOTHING
            : gateway.publishTasks(announcement.tasks());
    Published checkpoints =
        announcement.checkpoints().isEmpty()
            ? Published.NOTHING
            : gateway.publishCheckpoints(announcement.checkpoints());
    return new Publication(tasks, checkpoints);
  }
}
