package dev.castalia.cli.follow;

import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.GatewayException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Retires the published checkpoints under a root whose folders are gone. Where no checkpoint's
 * folder is left beside one of those, its disk may be away, and it is not retired. For one thread.
 */
final class GoneFolders {

  private final Path root;
  private final GatewayClient gateway;
  private final Duration settle;
  private final Duration pause;
  private final Consumer<Announced> events;
  private final Consumer<String> troubles;

  /** By location: since when it has been seen to be gone. */
  private final Map<String, Instant> since = new HashMap<>();

  /** Whether there may be some of which the gateway has not been told. */
  private boolean open = true;

  /** Before that there is no use in another look. */
  private Instant again = Instant.MIN;

  private final Pauses pauses = new Pauses();

  private String trouble;

  /**
   * @param settle how long a folder must be gone: one that is replaced is gone for a moment
   * @param pause how long what cannot be done is left alone at first, and each time twice as long
   * @param events told of every checkpoint that was retired
   * @param troubles told, in lines for people, why none can be
   */
  GoneFolders(
      Path root,
      GatewayClient gateway,
      Duration settle,
      Duration pause,
      Consumer<Announced> events,
      Consumer<String> troubles) {
    this.root = root;
    this.gateway = gateway;
    this.settle = settle;
    this.pause = pause;
    this.events = events;
    this.troubles = troubles;
  }

  /** Some have gone since the last look. */
  void someAreGone() {
    open = true;
    again = Instant.MIN;
    pauses.reset();
  }

  /** Whether another look is due soon. */
  boolean isWaiting() {
    return open && !Instant.now().isBefore(again);
  }

  /**
   * Retires what has been gone for long enough.
   *
   * @param left the checkpoints' folders that are there
   */
  void look(List<Path> left) {
    if (!isWaiting()) {
      return;
    }
    try {
      retire(left.stream().map(Path::getParent).collect(Collectors.toSet()));
    } catch (GatewayException e) {
      leaveAlone(e.getMessage() + "; trying again");
    }
  }

  /**
   * @param runs the folders that hold checkpoints
   */
  private void retire(Set<Path> runs) {
    Map<Boolean, List<CheckpointEntry>> byRun =
        gateway.checkpoints(Map.of()).stream()
            .filter(this::isGone)
            .collect(Collectors.partitioningBy(it -> runs.contains(run(it))));
    retire(byRun.get(true));
    List<CheckpointEntry> doubtful = byRun.get(false);
    open = !since.isEmpty() || !doubtful.isEmpty();
    if (doubtful.isEmpty()) {
      trouble = null;
      pauses.reset();
    } else if (since.isEmpty()) {
      leaveAlone(
          "%s: no step's folder is left in it, so its disk may be away; if it is not, take its checkpoints out with 'castalia retire'"
              .formatted(run(doubtful.getFirst())));
    }
  }

  private void retire(List<CheckpointEntry> gone) {
    since.keySet().retainAll(gone.stream().map(CheckpointEntry::location).toList());
    for (CheckpointEntry entry : gone) {
      Instant first = since.computeIfAbsent(entry.location(), it -> Instant.now());
      if (!Instant.now().isBefore(first.plus(settle))) {
        events.accept(Announced.retired(gateway, entry));
        since.remove(entry.location());
      }
    }
  }

  private static Path run(CheckpointEntry entry) {
    return Path.of(entry.location()).getParent();
  }

  private boolean isGone(CheckpointEntry entry) {
    return !entry.retired()
        && entry.location().startsWith(root + root.getFileSystem().getSeparator())
        // A link that leads nowhere is there: what it led to may be on a disk that is away.
        && Files.notExists(Path.of(entry.location()), LinkOption.NOFOLLOW_LINKS);
  }

  /** Says why, once as long as it is the same. */
  private void leaveAlone(String why) {
    again = pauses.begin(pause);
    if (!why.equals(trouble)) {
      trouble = why;
      troubles.accept(why);
    }
  }
}
