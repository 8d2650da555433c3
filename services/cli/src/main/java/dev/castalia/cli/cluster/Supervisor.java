package dev.castalia.cli.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * Starts parts again that died, a little later each time, until one dies too often; and says so,
 * with the last lines it printed.
 */
final class Supervisor implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONG_AGO = Duration.ofMinutes(1);
  private static final int TOO_OFTEN = 5;
  private static final int TAIL = 12;
  private static final long LEAST_ROOM = 1 << 20;

  private final Consumer<String> announcements;
  private final ToLongFunction<Path> room;
  private final List<Thread> watchers = new ArrayList<>();

  /**
   * @param announcements told what died, from any thread
   */
  Supervisor(Consumer<String> announcements) {
    this(announcements, Supervisor::room);
  }

  /**
   * @param room how many bytes there are left for a file
   */
  Supervisor(Consumer<String> announcements, ToLongFunction<Path> room) {
    this.announcements = announcements;
    this.room = room;
  }

  synchronized void watch(Part part) {
    watchers.add(Thread.ofVirtual().name("watch-" + part.name()).start(() -> keepAlive(part)));
  }

  private void keepAlive(Part part) {
    List<Instant> deaths = new ArrayList<>();
    try {
      while (true) {
        Thread.sleep(POLL);
        Optional<String> death = part.death();
        if (death.isPresent()) {
          answer(part, death.get(), deaths);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(Part part, String death, List<Instant> deaths) throws InterruptedException {
    Instant now = Instant.now();
    deaths.removeIf(it -> it.isBefore(now.minus(LONG_AGO)));
    deaths.add(now);
    if (deaths.size() < TOO_OFTEN) {
      announce(part, "died (%s) and is started again".formatted(death));
      Thread.sleep(FIRST_PAUSE.multipliedBy(1L << (deaths.size() - 1)));
      part.revive();
    } else {
      announce(
          part, "died (%s) %d times within a minute and is given up".formatted(death, TOO_OFTEN));
      part.giveUp();
      deaths.clear();
    }
  }

  private void announce(Part part, String what) {
    StringBuilder text = new StringBuilder("The " + part.name() + " " + what);
    // Who finds no room for its data finds none to say so.
    if (room.applyAsLong(part.log()) < LEAST_ROOM) {
      text.append("; there is no room left on the disk of ").append(part.log().getParent());
    }
    List<String> tail = part.logTail(TAIL);
    text.append(tail.isEmpty() ? "; it printed nothing" : "; it printed last:");
    tail.forEach(line -> text.append(System.lineSeparator()).append("  ").append(line));
    announcements.accept(text.toString());
  }

  private static long room(Path file) {
    try {
      return Files.getFileStore(file).getUsableSpace();
    } catch (IOException e) {
      // A file that cannot be read is told of as the log.
      return Long.MAX_VALUE;
    }
  }

  /** Returns when no part will be started any more. */
  @Override
  public synchronized void close() {
    watchers.forEach(Thread::interrupt);
    for (Thread watcher : watchers) {
      boolean interrupted = false;
      while (true) {
        try {
          watcher.join();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
