package dev.castalia.cli.gateway;

/**
 * What the findings do not hold yet.
 *
 * @param scores score events that the aggregator has not read
 * @param events on their way within the aggregator
 * @param changes series and tests that changed and were not computed from
 * @param complete whether the findings are of all scores there are
 */
public record FindingsPending(long scores, long events, int changes, boolean complete) {

  /** All of it, in whatever is counted. */
  public long total() {
    return scores + events + changes;
  }
}
