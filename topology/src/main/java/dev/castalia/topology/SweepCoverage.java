package dev.castalia.topology;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.SweepRequested;
import dev.castalia.schemas.Glob;
import dev.castalia.schemas.Keys;
import java.util.ArrayList;
import java.util.List;

/**
 * Which checkpoints a sweep covers. A once-sweep covers the matching ones that were published at or
 * before its request: an answer that does not depend on the order in which the events arrive.
 */
public final class SweepCoverage {

  private final List<Glob> models = new ArrayList<>();
  private final List<Glob> checkpoints = new ArrayList<>();
  private final StepSelection steps;
  private final long until;

  private SweepCoverage(SweepRequested sweep) {
    for (String pattern : sweep.getModels()) {
      (pattern.indexOf('@') < 0 ? models : checkpoints).add(glob(pattern));
    }
    steps = StepSelection.parse(sweep.getSteps());
    until = sweep.getStanding() ? Long.MAX_VALUE : sweep.getRequestedAt().toEpochMilli();
  }

  /**
   * @throws IllegalArgumentException when the patterns or steps of the sweep mean nothing
   */
  public static SweepCoverage of(SweepRequested sweep) {
    if (sweep.getModels().isEmpty()) {
      throw new IllegalArgumentException(
          "sweep " + sweep.getSweep() + " names no model: give at least one pattern, such as *");
    }
    return new SweepCoverage(sweep);
  }

  /** Nothing is covered that was published later, in ms since the epoch. */
  public long until() {
    return until;
  }

  public boolean covers(CheckpointPublished checkpoint) {
    return checkpoint.getPublishedAt().toEpochMilli() <= until
        && steps.contains(checkpoint.getStep())
        && (anyMatches(models, checkpoint.getModel())
            || anyMatches(checkpoints, Keys.of(checkpoint)));
  }

  private static boolean anyMatches(List<Glob> patterns, String name) {
    return patterns.stream().anyMatch(pattern -> pattern.matches(name));
  }

  private static Glob glob(String pattern) {
    if (pattern.isBlank()) {
      throw new IllegalArgumentException("a model pattern is empty: write a name, or * for all");
    }
    return Glob.of(pattern);
  }
}
