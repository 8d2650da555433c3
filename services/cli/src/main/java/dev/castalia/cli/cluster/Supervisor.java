package dev.castalia.cli.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Starts parts again that died, a little later each time, until one dies too often; and says so,
 * with the last lines it printed.
 */
final class Supervisor implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration LONG_AGO = Duration.ofMinutes(1);
  private static final int TOO_OFTEN = 5;
  private static final int TAIL = 12;

  private final Consumer<String> announcements;
  private final List<Thread> watchers = new ArrayList<>();
  private volatile boolean closed;

  Supervisor(Consumer<String> announcements) {
    this.announcements = announcements;
  }

  synchronized void watch(Part part) {
    watchers.add(Thread.ofVirtual().name("watch-" + part.name()).start(() -> keepAlive(part)));
  }

  private void keepAlive(Part part) {
    List<Instant> deaths = new ArrayList<>();
    try {
      while (!closed) {
        Thread.sleep(POLL);
        if (part.isWanted() && !part.isAlive() && !closed) {
          deaths.removeIf(it -> it.isBefore(Instant.now().minus(LONG_AGO)));
          deaths.add(Instant.now());
          if (deaths.size() >= TOO_OFTEN) {
            announce(part, "died " + TOO_OFTEN + " times within a minute and is given up");
            return;
          }
          announce(part, "died and is started again");
          Thread.sleep(POLL.multipliedBy(deaths.size()));
          if (!closed && part.isWanted()) {
            part.start();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void announce(Part part, String what) {
    StringBuilder text =
        new StringBuilder("The " + part.name() + " " + what + "; it printed last:");
    part.logTail(TAIL)
        .forEach(line -> text.append(System.lineSeparator()).append("  ").append(line));
    announcements.accept(text.toString());
  }

  @Override
  public synchronized void close() {
    closed = true;
    watchers.forEach(Thread::interrupt);
    for (Thread watcher : watchers) {
      try {
        watcher.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
