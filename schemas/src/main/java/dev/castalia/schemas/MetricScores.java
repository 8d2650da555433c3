package dev.castalia.schemas;

import dev.castalia.events.MetricScore;
import java.util.Objects;

/** What Avro's own comparison of scores does not do: to it no NaN is equal to another. */
public final class MetricScores {

  private MetricScores() {}

  /** Whether both say the same of the same metric. */
  public static boolean areSame(MetricScore one, MetricScore other) {
    return one.getSpec().equals(other.getSpec())
        && Double.compare(one.getValue(), other.getValue()) == 0
        && Objects.equals(one.getStderr(), other.getStderr());
  }
}
