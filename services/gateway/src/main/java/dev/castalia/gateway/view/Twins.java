package dev.castalia.gateway.view;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.schemas.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Published checkpoints by their content hash: those with the same are scored once, as the elder of
 * them. One thread writes, any number read.
 */
final class Twins implements View.Listener<CheckpointPublished> {

  private final Map<String, List<String>> byHash = new ConcurrentHashMap<>();

  /** The checkpoint and those with the same content hash. */
  List<String> names(CheckpointPublished checkpoint) {
    List<String> alone = List.of(Keys.of(checkpoint));
    return checkpoint.getContentHash() == null
        ? alone
        : byHash.getOrDefault(checkpoint.getContentHash(), alone);
  }

  @Override
  public void changed(Row<CheckpointPublished> before, Row<CheckpointPublished> after) {
    String known = before == null ? null : before.value().getContentHash();
    String now = after.isDeletion() ? null : after.value().getContentHash();
    if (Objects.equals(known, now)) {
      return;
    }
    if (known != null) {
      byHash.computeIfPresent(known, (hash, names) -> without(names, after.key()));
    }
    if (now != null) {
      byHash.merge(now, List.of(after.key()), Twins::together);
    }
  }

  @Override
  public void cleared() {
    byHash.clear();
  }

  /** Null when none is left. */
  private static List<String> without(List<String> names, String gone) {
    List<String> left = names.stream().filter(name -> !name.equals(gone)).toList();
    return left.isEmpty() ? null : left;
  }

  private static List<String> together(List<String> names, List<String> more) {
    List<String> all = new ArrayList<>(names);
    all.addAll(more);
    return List.copyOf(all);
  }
}
