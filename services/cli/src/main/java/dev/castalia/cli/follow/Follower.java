package dev.castalia.cli.follow;

import dev.castalia.cli.CommandException;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.GatewayException;
import dev.castalia.cli.suite.RunFolder;
import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.checkpoint.Fingerprint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Publishes each checkpoint of a folder once it is complete: its files say how long they are to be,
 * they are, and nothing has touched them for a while, nor while their fingerprint was computed. One
 * that is written again is published again, with its new fingerprint. What the gateway refuses is
 * tried again. Nothing is remembered from one run to the next: what the gateway knows already stays
 * as it is. For one thread.
 */
public final class Follower {

  /** So many times the time to settle are between two looks that nothing gave cause for. */
  private static final int SETTLINGS_A_LOOK = 10;

  /** How long one may be incomplete and untouched before that is said. */
  private static final Duration SAY_INCOMPLETE = Duration.ofMinutes(1);

  private final RunFolder folder;
  private final GatewayClient gateway;
  private final Duration settle;
  private final Duration lookAnew;
  private final Consumer<Announced> events;
  private final Consumer<String> troubles;
  private final Map<Path, Watched> watched = new HashMap<>();
  private final Optional<GoneFolders> gone;

  /**
   * @param settle how long nothing may have touched a checkpoint
   * @param retireGone whether to retire published ones whose folders are gone
   * @param events told of every checkpoint that was published
   * @param troubles told, in lines for people, of what cannot be published
   */
  public Follower(
      RunFolder folder,
      GatewayClient gateway,
      Duration settle,
      boolean retireGone,
      Consumer<Announced> events,
      Consumer<String> troubles) {
    this.folder = folder;
    this.gateway = gateway;
    this.settle = settle;
    this.lookAnew = settle.multipliedBy(SETTLINGS_A_LOOK);
    this.gone =
        retireGone
            ? Optional.of(
                new GoneFolders(folder.root(), gateway, settle, lookAnew, events, troubles))
            : Optional.empty();
    this.events = events;
    this.troubles = troubles;
  }

  /** One checkpoint's folder: as it was last seen, since when, and what is done about it. */
  private static final class Watched {
    Snapshot seen;
    Instant since;
    boolean settled;
    Instant again;
    final Pauses pauses = new Pauses();
    String fingerprint;
    String incomplete;
    String trouble;

    /** It is told of as unreadable, not as changed, until it can be seen again. */
    void unreadable() {
      if (seen != null || since == null) {
        since = Instant.now();
      }
      seen = null;
      settled = false;
    }

    void changed(Snapshot snapshot) {
      seen = snapshot;
      since = Instant.now();
      settled = snapshot.isEmpty();
      again = null;
      pauses.reset();
      fingerprint = null;
      incomplete = null;
      trouble = null;
    }

    /** Each time it is tried again after twice the time: a run's checkpoints are many. */
    void refused(Duration first) {
      again = pauses.begin(first);
    }

    boolean isUntouchedFor(Duration time) {
      return isPast(since.plus(time));
    }

    boolean isToBeTriedAgain() {
      return again != null && isPast(again);
    }

    private static boolean isPast(Instant time) {
      return !Instant.now().isBefore(time);
    }
  }

  /**
   * Follows the folder until the thread is interrupted.
   *
   * @throws CommandException if the folder cannot be read any more
   */
  public void run() throws InterruptedException {
    try (FolderWatch disk = new FolderWatch(folder.root())) {
      while (true) {
        List<Path> steps = disk.folders(RunFolder::isStep);
        if (watched.keySet().retainAll(steps)) {
          gone.ifPresent(GoneFolders::someAreGone);
        }
        for (Path step : steps) {
          look(step);
        }
        gone.ifPresent(it -> it.look(steps));
        boolean waiting =
            watched.values().stream().anyMatch(it -> !it.settled)
                || gone.filter(GoneFolders::isWaiting).isPresent();
        if (waiting) {
          // Something changes or has changed: events by the thousand would tell no more than that.
          Thread.sleep(settle.dividedBy(2));
        }
        disk.await(waiting ? settle : lookAnew);
      }
    } catch (IOException e) {
      throw new CommandException(folder.root() + ": cannot be followed (" + e + ")", e);
    }
  }

  private void look(Path step) {
    Watched it = watched.computeIfAbsent(step, key -> new Watched());
    try {
      Snapshot snapshot = Snapshot.of(step);
      if (!snapshot.equals(it.seen)) {
        it.changed(snapshot);
      } else if (it.isToBeTriedAgain() || !it.settled && it.isUntouchedFor(settle)) {
        settled(step, it);
      } else if (it.incomplete != null && it.isUntouchedFor(SAY_INCOMPLETE)) {
        say(it, "waiting for the rest of it: " + it.incomplete);
      }
    } catch (IOException e) {
      it.unreadable();
      if (it.isUntouchedFor(SAY_INCOMPLETE)) {
        it.settled = true;
        say(it, step + ": cannot be read (" + e + "); trying again");
      }
    }
  }

  private void settled(Path step, Watched it) {
    it.again = null;
    try {
      Checkpoint checkpoint = Checkpoint.open(step);
      if (it.fingerprint == null) {
        it.fingerprint = Fingerprint.of(checkpoint.weights());
      }
      if (!Snapshot.of(step).equals(it.seen)) {
        return;
      }
      events.accept(
          Announced.to(gateway, folder.entry(step, checkpoint).withContentHash(it.fingerprint)));
      it.settled = true;
    } catch (IOException e) {
      it.seen = null;
    } catch (GatewayException e) {
      // What is refused now need not be later: keys are added, gateways replaced, facts mended.
      it.settled = !e.passing();
      if (it.settled) {
        it.refused(lookAnew);
      }
      say(it, e.getMessage() + "; trying again");
    } catch (CheckpointException e) {
      // Only a change can complete it.
      it.settled = !e.passing();
      it.incomplete = e.getMessage();
    } catch (CommandException e) {
      // What is missing may come from outside of the checkpoint's folder, as suite.json does.
      it.settled = true;
      it.again = Instant.now().plus(lookAnew);
      say(it, e.getMessage());
    }
  }

  /** Once, as long as it is the same. */
  private void say(Watched it, String trouble) {
    if (!trouble.equals(it.trouble)) {
      it.trouble = trouble;
      troubles.accept(trouble);
    }
  }
}
