package dev.castalia.topology;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.SweepRequested;
import dev.castalia.schemas.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which checkpoints a sweep covers. A once-sweep covers the matching ones that were published at or
 * before its request: an answer that does not depend on the order in which the events arrive.
 */
public final class SweepCoverage {

  private final List<Pattern> models = new ArrayList<>();
  private final List<Pattern> checkpoints = new ArrayList<>();
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
    if (sweep.getModels().isEmpty()) {
      throw new IllegalArgumentException(
          "sweep " + sweep.getSweep() + " names no model: give at least one pattern, such as *");
    }
    return new SweepCoverage(sweep);
  }

  public boolean covers(CheckpointPublished checkpoint) {
    return (standing || checkpoint.getPublishedAt().toEpochMilli() <= requestedAt)
        && steps.contains(checkpoint.getStep())
        && (anyMatches(models, checkpoint.getModel())
            || anyMatches(checkpoints, Keys.of(checkpoint)));
  }

  private static boolean anyMatches(List<Pattern> patterns, String name) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
  }

  /** A pattern in which * stands for any characters and ? for one. */
  static Pattern glob(String pattern) {
    if (pattern.isBlank()) {
      throw new IllegalArgumentException("a model pattern is empty: write a name, or * for all");
    }
    StringBuilder regex = new StringBuilder();
    for (char c : pattern.toCharArray()) {
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString());
  }
}
