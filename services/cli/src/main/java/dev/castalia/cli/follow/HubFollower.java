package dev.castalia.cli.follow;

import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.GatewayException;
import dev.castalia.cli.suite.RunRepository;
import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.checkpoint.Fingerprint;
import dev.castalia.scoring.source.Hub;
import dev.castalia.scoring.source.HubReference;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Publishes each revision of a repository on the hub that is a checkpoint, and again when its
 * branch moves to another commit. Each is fetched into the hub's cache for its fingerprint. For one
 * thread.
 */
public final class HubFollower {

  private final Hub hub;
  private final RunRepository repository;
  private final GatewayClient gateway;
  private final Duration every;
  private final Consumer<Announced> events;
  private final Consumer<String> troubles;

  /** By revision: the commit that it was published with, or that cannot be. */
  private final Map<String, String> done = new HashMap<>();

  /**
   * @param every how often the hub is asked for its revisions
   * @param events told of every checkpoint that was published
   * @param troubles told, in lines for people, of what cannot be published
   */
  public HubFollower(
      Hub hub,
      RunRepository repository,
      GatewayClient gateway,
      Duration every,
      Consumer<Announced> events,
      Consumer<String> troubles) {
    this.hub = hub;
    this.repository = repository;
    this.gateway = gateway;
    this.every = every;
    this.events = events;
    this.troubles = troubles;
  }

  /**
   * Follows the repository until the thread is interrupted.
   *
   * @throws CheckpointException if there is no such repository
   */
  public void run() throws InterruptedException {
    while (true) {
      try {
        for (Hub.Ref ref : hub.refs(repository.name())) {
          if (RunRepository.isStep(ref.name()) && !ref.commit().equals(done.get(ref.name()))) {
            publish(ref);
          }
        }
      } catch (CheckpointException e) {
        if (!e.passing()) {
          throw e;
        }
        troubles.accept(e.getMessage() + "; trying again");
      }
      Thread.sleep(every);
    }
  }

  private void publish(Hub.Ref ref) {
    HubReference commit = new HubReference(repository.name(), ref.commit());
    try {
      Checkpoint checkpoint = Checkpoint.open(hub.fetch(commit));
      String fingerprint = Fingerprint.of(checkpoint.weights());
      events.accept(
          Announced.to(
              gateway,
              repository.entry(ref.name(), commit, checkpoint).withContentHash(fingerprint)));
      done.put(ref.name(), ref.commit());
    } catch (CheckpointException e) {
      failed(ref, e.getMessage(), e.passing());
    } catch (GatewayException e) {
      failed(ref, e.getMessage(), e.passing());
    }
  }

  private void failed(Hub.Ref ref, String why, boolean passing) {
    troubles.accept(ref.name() + ": " + why + (passing ? "; trying again" : ""));
    if (!passing) {
      done.put(ref.name(), ref.commit());
    }
  }
}
