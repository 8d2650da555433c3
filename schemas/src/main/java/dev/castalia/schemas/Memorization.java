package dev.castalia.schemas;

import java.util.Set;

/** What measures how much of its training data a model has memorized, which is no ability. */
public final class Memorization {

  private static final Set<String> METRICS = Set.of("extractable", "memorization_score");

  private Memorization() {}

  public static boolean isMeasuredBy(String metric) {
    return METRICS.contains(metric);
  }
}
