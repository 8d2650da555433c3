package dev.castalia.cli.progress;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;

/** How fast a count grows, over the last {@value #WINDOW_SECONDS} seconds. */
final class Rate {

  private static final long WINDOW_SECONDS = 20;
  private static final long LEAST_NANOS = 1_000_000_000L;

  private record Sample(long nanos, long count) {}

  private final Deque<Sample> samples = new ArrayDeque<>();

  /** Takes note of a count; times must not go backwards. */
  void add(long nanos, long count) {
    if (samples.size() == 1 && samples.getFirst().count() == count) {
      // Nothing has moved yet: waiting for a turn is not slowness.
      samples.clear();
    }
    samples.addLast(new Sample(nanos, count));
    while (samples.size() > 2
        && nanos - samples.getFirst().nanos() > WINDOW_SECONDS * 1_000_000_000L) {
      samples.removeFirst();
    }
  }

  /** A second; empty while too little was seen, or nothing moves. */
  OptionalDouble perSecond() {
    if (samples.isEmpty()) {
      return OptionalDouble.empty();
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    long nanos = last.nanos() - first.nanos();
    long counted = last.count() - first.count();
    return nanos < LEAST_NANOS || counted <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(counted * 1e9 / nanos);
  }

  /** How long what is left will take at this rate; null where there is none. */
  Duration timeFor(long left) {
    OptionalDouble rate = perSecond();
    return rate.isEmpty() ? null : Duration.ofMillis(Math.round(left / rate.getAsDouble() * 1000));
  }
}
