package dev.castalia.topology;

import java.util.HashMap;
import java.util.Map;

/**
 * The part of one thread's time that work of one kind takes at most, all partitions of it together:
 * half of it while hardly any scores come in, and the less the faster they do.
 *
 * <p>Safe for use by several threads.
 */
public final class Share {

  /** With so many scores more a second the rest is longer by once the work. */
  private static final int SCORES = 100;

  private final int longest;
  private final Traffic traffic;
  private final Map<Pace, Long> resting = new HashMap<>();

  /**
   * @param longest how many times longer than the work the rest is at most
   */
  public Share(int longest, Traffic traffic) {
    this.longest = longest;
    this.traffic = traffic;
  }

  /**
   * How many times longer than its work a pace is to rest: the more of them rest, the longer.
   *
   * @param now in milliseconds since the epoch
   */
  synchronized int rest(Pace pace, long now) {
    resting.values().removeIf(until -> until <= now);
    resting.remove(pace);
    int sharing = resting.size() + 1;
    return Math.clamp(traffic.perSecond(now) / SCORES, 1, longest) * sharing;
  }

  synchronized void rests(Pace pace, long until) {
    resting.put(pace, until);
  }
}
