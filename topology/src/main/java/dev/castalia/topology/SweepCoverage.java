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

  /** Patterns of a sweep: every checkpoint is held against each. */
  private static final int MOST_PATTERNS = 1000;

  /** Two names, with an @ between them. */
  private static final int LONGEST_PATTERN = 401;

  private static final int LONGEST_STEPS = 10_000;

  private final List<Glob> models = new ArrayList<>();
  private final List<Glob> checkpoints = new ArrayList<>();
  private final StepSelection steps;
  private final boolean standing;
  private final long requestedAt;

  private SweepCoverage(SweepRequested sweep) {
    for (String pattern : sweep.getModels()) {
      (pattern.indexOf('@') < 0 ? models : checkpoints).add(glob(pattern));
    }
    steps = StepSelection.parse(sweep.getSteps());
    standing = sweep.getStanding();
    requestedAt = sweep.getRequestedAt().toEpochMilli();
  }

  /**
   * @throws IllegalArgumentException when the patterns or steps of the sweep mean nothing
   */
  public static SweepCoverage of(SweepRequested sweep) {
    int patterns = sweep.getModels().size();
    if (patterns == 0) {
      throw new IllegalArgumentException(
          "sweep " + sweep.getSweep() + " names no model: give at least one pattern, such as *");
    }
    if (patterns > MOST_PATTERNS) {
      throw new IllegalArgumentException(
          "sweep %s has %d patterns of models: give %d at most, with * for names alike"
              .formatted(sweep.getSweep(), patterns, MOST_PATTERNS));
    }
    if (sweep.getSteps().length() > LONGEST_STEPS) {
      throw new IllegalArgumentException(
          "the steps of sweep %s have %d characters: give %d at most, with A..B or every:N for many"
              .formatted(sweep.getSweep(), sweep.getSteps().length(), LONGEST_STEPS));
    }
    return new SweepCoverage(sweep);
  }

  public boolean covers(CheckpointPublished checkpoint) {
    return (standing || checkpoint.getPublishedAt().toEpochMilli() <= requestedAt)
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
    if (pattern.length() > LONGEST_PATTERN) {
      throw new IllegalArgumentException(
          "the model pattern %s… has %d characters, where no name has more than %d"
              .formatted(pattern.substring(0, 40), pattern.length(), LONGEST_PATTERN));
    }
    return Glob.of(pattern);
  }
}
