package dev.castalia.topology.ledger;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.SweepCancelled;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.events.TaskRegistered;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.SweepCoverage;
import dev.castalia.topology.state.LedgerRow;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/**
 * The sweeps and tasks: few, and asked for with every event, so kept in memory beside the store.
 */
final class Catalog {

  /** A sweep that was not cancelled. */
  record ActiveSweep(SweepRequested request, SweepCoverage coverage) {}

  private final Books books;
  private final Map<String, ActiveSweep> sweeps = new TreeMap<>();

  /** The same, by until when what they cover was published, then by id. */
  private final NavigableMap<Long, Map<String, ActiveSweep>> byEnd = new TreeMap<>();

  /** By task, then by version. */
  private final Map<String, Map<String, TaskRegistered>> versions = new HashMap<>();

  private final Map<String, TaskRegistered> current = new HashMap<>();

  Catalog(Books books) {
    this.books = books;
    books.sweeps.forEach("", (id, sweep) -> remember(sweep));
    books.tasks.forEach("", (key, task) -> remember(task));
  }

  Collection<ActiveSweep> sweeps() {
    return sweeps.values();
  }

  /**
   * The sweeps that were not over when the first of those was published: of the others, which cover
   * none of them, there are ever more.
   */
  List<ActiveSweep> sweepsSince(List<CheckpointPublished> checkpoints) {
    long first =
        checkpoints.stream()
            .mapToLong(it -> it.getPublishedAt().toEpochMilli())
            .min()
            .orElseThrow();
    return byEnd.tailMap(first, true).values().stream()
        .flatMap(it -> it.values().stream())
        .toList();
  }

  /** The sweep, or null when it is unknown or cancelled. */
  ActiveSweep sweep(String id) {
    return sweeps.get(id);
  }

  /** Whether a sweep that is not cancelled wants the row. */
  boolean isWanted(LedgerRow row) {
    return row.getSweeps().stream().anyMatch(sweeps::containsKey);
  }

  boolean isCancelled(String id) {
    return books.sweeps.get(id) instanceof SweepCancelled;
  }

  void put(SweepRequested sweep) {
    books.sweeps.put(sweep.getSweep(), sweep);
    remember(sweep);
  }

  void put(SweepCancelled sweep) {
    books.sweeps.put(sweep.getSweep(), sweep);
    forget(sweep.getSweep());
  }

  void put(TaskRegistered task) {
    books.tasks.put(versionKey(task.getTask(), task.getVersion()), task);
    remember(task);
  }

  /** That version of the task, or null. */
  TaskRegistered task(String task, String version) {
    return versions.getOrDefault(task, Map.of()).get(version);
  }

  /** The version that was registered last, or null when there is none. */
  TaskRegistered currentTask(String task) {
    return current.get(task);
  }

  /** The versions of the task that were registered after that one. */
  List<TaskRegistered> newerThan(TaskRegistered task) {
    return versions.get(task.getTask()).values().stream()
        .filter(it -> it.getRegisteredAt().isAfter(task.getRegisteredAt()))
        .toList();
  }

  /** What a sweep means by a task, or null while that is not registered. */
  TaskRegistered task(SweepTask wanted) {
    return wanted.getVersion() == null
        ? currentTask(wanted.getTask())
        : task(wanted.getTask(), wanted.getVersion());
  }

  private void remember(SpecificRecord event) {
    if (event instanceof SweepRequested request) {
      forget(request.getSweep());
      ActiveSweep sweep = new ActiveSweep(request, SweepCoverage.of(request));
      sweeps.put(request.getSweep(), sweep);
      byEnd
          .computeIfAbsent(sweep.coverage().until(), it -> new TreeMap<>())
          .put(request.getSweep(), sweep);
    }
  }

  private void forget(String id) {
    ActiveSweep known = sweeps.remove(id);
    if (known != null) {
      byEnd.computeIfPresent(
          known.coverage().until(),
          (end, some) -> {
            some.remove(id);
            return some.isEmpty() ? null : some;
          });
    }
  }

  private void remember(TaskRegistered task) {
    versions.computeIfAbsent(task.getTask(), it -> new HashMap<>()).put(task.getVersion(), task);
    current.merge(
        task.getTask(),
        task,
        (known, added) ->
            added.getRegisteredAt().isBefore(known.getRegisteredAt()) ? known : added);
  }

  static String versionKey(String task, String version) {
    return task + Keys.SEPARATOR + version;
  }
}
