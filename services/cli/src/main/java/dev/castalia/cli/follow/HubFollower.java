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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Publishes each revision of a repository on the hub that is a checkpoint, and again when its
 * branch moves to another commit. Each is fetched into the hub's cache for its fingerprint. What
 * the gateway refuses is tried again. For one thread.
 */
public final class HubFollower {

  private final Hub hub;
  private final RunRepository repository;
  private final GatewayClient gateway;
  private final Duration every;
  private final Consumer<Announced> events;
  private final Consumer<String> troubles;

  /** By name. */
  private final Map<String, Revision> revisions = new HashMap<>();

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

  /** A revision at one commit, and what is done about it. */
  private static final class Revision {
    final String commit;
    boolean done;
    String fingerprint;
    String trouble;

    Revision(String commit) {
      this.commit = commit;
    }
  }

  /**
   * Follows the repository until the thread is interrupted.
   *
   * @throws CheckpointException if there is no such repository
   */
  public void run() throws InterruptedException {
    while (true) {
      try {
        steps().forEach(this::look);
      } catch (CheckpointException e) {
        if (!e.passing()) {
          throw e;
        }
        troubles.accept(e.getMessage() + "; trying again");
      }
      Thread.sleep(every);
    }
  }

  /** Commits by name; of a tag and a branch of one name the tag counts, as for git. */
  private Map<String, String> steps() {
    Map<String, String> steps = new LinkedHashMap<>();
    for (Hub.Ref ref : hub.refs(repository.name())) {
      if (RunRepository.isStep(ref.name())) {
        steps.put(ref.name(), ref.commit());
      }
    }
    return steps;
  }

  private void look(String name, String commit) {
    Revision it =
        revisions.compute(
            name,
            (_, known) ->
                known != null && known.commit.equals(commit) ? known : new Revision(commit));
    if (!it.done) {
      publish(name, it);
    }
  }

  private void publish(String name, Revision it) {
    HubReference commit = new HubReference(repository.name(), it.commit);
    try {
      Checkpoint checkpoint = Checkpoint.open(hub.fetch(commit));
      if (it.fingerprint == null) {
        it.fingerprint = Fingerprint.of(checkpoint.weights());
      }
      events.accept(
          Announced.to(
              gateway, repository.entry(name, commit, checkpoint).withContentHash(it.fingerprint)));
      it.done = true;
    } catch (CheckpointException e) {
      // Only another commit can mend it.
      it.done = !e.passing();
      say(name, it, e.getMessage() + (e.passing() ? "; trying again" : ""));
    } catch (GatewayException e) {
      say(name, it, e.getMessage() + "; trying again");
    }
  }

  /** Once, as long as it is the same. */
  private void say(String name, Revision it, String trouble) {
    if (!trouble.equals(it.trouble)) {
      it.trouble = trouble;
      troubles.accept(name + ": " + trouble);
    }
  }
}
