package dev.castalia.topology;

import java.util.HashMap;
import java.util.Map;

/**
 * The part of one thread's time that work of one kind takes at most, all partitions of it together,
 * while scores come in fast. While they do not, half of the time is its own.
 *
 * <p>Safe for use by several threads.
 */
public final class Share {

  private final int rest;
  private final Traffic traffic;
  private final Map<Pace, Long> resting = new HashMap<>();

  /**
   * @param rest how many times longer than the work the rest is when scores come in fast
   */
  public Share(int rest, Traffic traffic) {
    this.rest = rest;
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
    return (traffic.isHeavy(now) ? rest : 1) * sharing;
  }

  synchronized void rests(Pace pace, long until) {
    resting.put(pace, until);
  }
}
