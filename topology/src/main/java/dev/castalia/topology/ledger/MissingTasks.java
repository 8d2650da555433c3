package dev.castalia.topology.ledger;

import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.events.TaskRegistered;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.state.Mark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Says of a sweep that it wants a task nobody registered, once there was time to register it. A
 * sweep is in every partition; the first one speaks for all.
 */
final class MissingTasks {

  private static final int SPEAKER = 0;

  /** How long a sweep's task may be unregistered before that is a failure. */
  private static final Duration GRACE = Duration.ofSeconds(15);

  /** In place of the time to speak, once it was done. */
  private static final String REPORTED = "reported";

  private final Books books;
  private final Catalog catalog;
  private final Failures failures;
  private final Outbox outbox;

  /** The section's times to speak, in memory: most of the time there are none. */
  private final Map<String, Long> due = new TreeMap<>();

  MissingTasks(Books books, Catalog catalog, Failures failures, Outbox outbox) {
    this.books = books;
    this.catalog = catalog;
    this.failures = failures;
    this.outbox = outbox;
    books.missing.forEach(
        "",
        (key, mark) -> {
          if (!mark.getText().equals(REPORTED)) {
            due.put(key, Long.valueOf(mark.getText()));
          }
        });
  }

  void sweepRequested(SweepRequested sweep) {
    if (outbox.partition() != SPEAKER) {
      return;
    }
    long speakAt = outbox.now() + GRACE.toMillis();
    forgetOthers(sweep);
    for (SweepTask wanted : sweep.getTasks()) {
      String key = Keys.missingTask(sweep.getSweep(), wanted.getTask());
      if (catalog.task(wanted) == null && books.missing.get(key) == null) {
        books.missing.put(key, new Mark(Long.toString(speakAt)));
        due.put(key, speakAt);
      }
    }
  }

  /** A sweep that was sent again may want other tasks than before. */
  private void forgetOthers(SweepRequested sweep) {
    Set<String> wanted =
        sweep.getTasks().stream()
            .map(it -> Keys.missingTask(sweep.getSweep(), it.getTask()))
            .collect(Collectors.toSet());
    books.missing.forEach(
        sweep.getSweep() + Keys.SEPARATOR,
        (key, mark) -> {
          if (!wanted.contains(key)) {
            forget(key);
          }
        });
  }

  /** The task is there for that sweep now. */
  void found(SweepRequested sweep, TaskRegistered task) {
    forget(Keys.missingTask(sweep.getSweep(), task.getTask()));
  }

  void sweepCancelled(String sweep) {
    books.missing.forEach(sweep + Keys.SEPARATOR, (key, mark) -> forget(key));
  }

  private void forget(String key) {
    Mark mark = books.missing.get(key);
    if (mark != null) {
      books.missing.remove(key);
      due.remove(key);
      if (mark.getText().equals(REPORTED)) {
        failures.withdraw(key);
      }
    }
  }

  void tick() {
    if (due.isEmpty()) {
      return;
    }
    long now = outbox.now();
    List<String> over = new ArrayList<>();
    due.forEach(
        (key, speakAt) -> {
          if (speakAt <= now) {
            over.add(key);
          }
        });
    for (String key : over) {
      due.remove(key);
      books.missing.put(key, new Mark(REPORTED));
      int end = key.indexOf(Keys.SEPARATOR);
      String id = key.substring(0, end);
      String task = key.substring(end + 1);
      catalog.sweep(id).request().getTasks().stream()
          .filter(it -> it.getTask().equals(task))
          .findFirst()
          .ifPresent(wanted -> failures.missingTask(key, id, wanted));
    }
  }
}
