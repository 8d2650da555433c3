package dev.castalia.cli.follow;

import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.GatewayException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Retires the published checkpoints under a root whose folders are gone. Where no checkpoint's
 * folder is left at all, its disk may be away, and none is retired. For one thread.
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

  private String trouble;

  /**
   * @param settle how long a folder must be gone: one that is replaced is gone for a moment
   * @param pause how long what cannot be done is left alone
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
  }

  /** Whether another look is due soon. */
  boolean isWaiting() {
    return open && !Instant.now().isBefore(again);
  }

  /**
   * Retires what has been gone for long enough.
   *
   * @param anyIsLeft whether there are checkpoints' folders under the root
   */
  void look(boolean anyIsLeft) {
    if (!isWaiting()) {
      return;
    }
    try {
      if (anyIsLeft) {
        retire();
        trouble = null;
      } else {
        leaveAlone(
            root + ": there is no checkpoint in it, so its disk may be away; none is retired");
      }
    } catch (GatewayException e) {
      leaveAlone(e.getMessage() + "; trying again");
    }
  }

  private void retire() {
    List<CheckpointEntry> gone =
        gateway.checkpoints(Map.of()).stream().filter(this::isGone).toList();
    since.keySet().retainAll(gone.stream().map(CheckpointEntry::location).toList());
    for (CheckpointEntry entry : gone) {
      Instant first = since.computeIfAbsent(entry.location(), it -> Instant.now());
      if (!Instant.now().isBefore(first.plus(settle))) {
        events.accept(Announced.retired(gateway, entry));
        since.remove(entry.location());
      }
    }
    open = !since.isEmpty();
  }

  private boolean isGone(CheckpointEntry entry) {
    return !entry.retired()
        && entry.location().startsWith(root + root.getFileSystem().getSeparator())
        && Files.notExists(Path.of(entry.location()));
  }

  /** Says why, once as long as it is the same. */
  private void leaveAlone(String why) {
    again = Instant.now().plus(pause);
    if (!why.equals(trouble)) {
      trouble = why;
      troubles.accept(why);
    }
  }
}
