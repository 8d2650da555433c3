package dev.castalia.topology.ledger;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.SweepCoverage;
import dev.castalia.topology.state.Twins;
import dev.castalia.topology.twins.Publications;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which checkpoint stands for which: those with the same weights are scored once, as the elder of
 * them, whose ledger plans, counts and reports for all. And of which nothing can be loaded any
 * more.
 */
final class Standing {

  /**
   * What becomes of a checkpoint's units: {@link #isRetired} and {@link #isIdle}, to be compared
   * with what they are after a change.
   */
  record Role(boolean retired, boolean idle) {}

  private record Known(String elder, List<CheckpointPublished> younger) {}

  private final Books books;

  /** The section's entries that tell of twins, in memory: few, and asked for with every score. */
  private final Map<String, Known> twins = new HashMap<>();

  /** The checkpoints that are published as retired, in memory for the same reason. */
  private final Set<String> retired = new HashSet<>();

  Standing(Books books) {
    this.books = books;
    books.twins.forEach("", this::remember);
    books.checkpoints.forEach("", this::remember);
  }

  void put(CheckpointPublished checkpoint) {
    String key = Keys.of(checkpoint);
    books.checkpoints.put(key, checkpoint);
    remember(key, checkpoint);
  }

  private void remember(String key, CheckpointPublished checkpoint) {
    if (checkpoint.getRetired()) {
      retired.add(key);
    } else {
      retired.remove(key);
    }
  }

  void put(Twins known) {
    books.twins.put(known.getCheckpoint(), known);
    remember(known.getCheckpoint(), known);
  }

  /** The checkpoint has other weights now; whose, is to be told. */
  void forget(String checkpoint) {
    books.twins.remove(checkpoint);
    twins.remove(checkpoint);
  }

  private List<CheckpointPublished> younger(String checkpoint) {
    Known known = twins.get(checkpoint);
    return known == null ? List.of() : known.younger();
  }

  private void remember(String checkpoint, Twins known) {
    if (known.getElder() == null && known.getYounger().isEmpty()) {
      twins.remove(checkpoint);
    } else {
      twins.put(
          checkpoint,
          new Known(
              known.getElder(), known.getYounger().stream().map(Publications::decode).toList()));
    }
  }

  /** Whether another checkpoint is scored in its place. */
  boolean isStoodFor(String checkpoint) {
    Known known = twins.get(checkpoint);
    return known != null && known.elder() != null;
  }

  /** Whether it is known that neither the checkpoint nor one that it stands for can be loaded. */
  boolean isRetired(String checkpoint) {
    return loadsNone(checkpoint) && knowsTwinsOf(books.checkpoints.get(checkpoint));
  }

  /** Whether none of its units is to be issued. */
  boolean isIdle(String checkpoint) {
    return isStoodFor(checkpoint) || loadsNone(checkpoint);
  }

  Role role(String checkpoint) {
    return new Role(isRetired(checkpoint), isIdle(checkpoint));
  }

  /** As far as its twins are known. */
  private boolean loadsNone(String checkpoint) {
    return retired.contains(checkpoint)
        && younger(checkpoint).stream().allMatch(CheckpointPublished::getRetired);
  }

  /** Whether it has been told who its twins are, if it can have any. */
  private boolean knowsTwinsOf(CheckpointPublished checkpoint) {
    return checkpoint.getContentHash() == null || books.twins.get(Keys.of(checkpoint)) != null;
  }

  /** The checkpoint, with the files of one that it stands for where its own are gone. */
  CheckpointPublished loadable(CheckpointPublished checkpoint) {
    if (!checkpoint.getRetired()) {
      return checkpoint;
    }
    return younger(Keys.of(checkpoint)).stream()
        .filter(it -> !it.getRetired())
        .findFirst()
        .map(
            it ->
                CheckpointPublished.newBuilder(checkpoint)
                    .setTokenizer(it.getTokenizer())
                    .setLocation(it.getLocation())
                    .setRetired(false)
                    .build())
        .orElse(checkpoint);
  }

  /** The checkpoint and those it stands for. */
  List<CheckpointPublished> names(CheckpointPublished checkpoint) {
    List<CheckpointPublished> names = new ArrayList<>();
    names.add(checkpoint);
    names.addAll(younger(Keys.of(checkpoint)));
    return names;
  }

  /**
   * Whether the checkpoint is scored itself. While it is not known whether it has twins it is not:
   * a moment later it will be.
   */
  boolean isScored(CheckpointPublished checkpoint) {
    return !isStoodFor(Keys.of(checkpoint)) && knowsTwinsOf(checkpoint);
  }

  /** Whether such a sweep wants the checkpoint, or one that it stands for. */
  boolean isCovered(SweepCoverage coverage, CheckpointPublished checkpoint) {
    return names(checkpoint).stream().anyMatch(coverage::covers);
  }
}
