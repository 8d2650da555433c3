package dev.castalia.cli.follow;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;

/** Pauses between tries of what does not succeed, each twice as long as the one before. */
final class Pauses {

  private static final Duration LONGEST = Duration.ofMinutes(10);

  private Duration latest;

  /**
   * Begins the next one, the first of that length.
   *
   * @return when it is over
   */
  Instant begin(Duration first) {
    latest = latest == null ? first : Collections.min(List.of(latest.multipliedBy(2), LONGEST));
    return Instant.now().plus(latest);
  }

  /** The next one is a first one again. */
  void reset() {
    latest = null;
  }
}
