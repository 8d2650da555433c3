package dev.castalia.gateway.view;

import dev.castalia.events.SliceScored;
import java.time.Duration;
import java.time.Instant;

/**
 * What a scorer did last, and how fast it has been of late.
 *
 * @param device cpu or cuda
 * @param checkpoint that it scored last, model@revision
 * @param task on which
 * @param units seen of it by this gateway
 * @param tokens through the model, older ones counting less and less
 * @param seconds they took, weighted alike
 */
public record ScorerActivity(
    String scorer,
    String device,
    String checkpoint,
    String task,
    long units,
    double tokens,
    double seconds,
    Instant lastAt) {

  /** What a unit counts for once another one is scored. */
  private static final double MEMORY = 0.8;

  /** A slice of a large model takes longer than half a minute, and so does loading one. */
  private static final Duration AT_WORK = Duration.ofMinutes(2);

  static ScorerActivity after(ScorerActivity before, SliceScored scored) {
    boolean sameModel =
        before != null && before.checkpoint.equals(scored.getUnit().getCheckpoint());
    double memory = sameModel ? MEMORY : 0;
    return new ScorerActivity(
        scored.getScorer(),
        scored.getDevice(),
        scored.getUnit().getCheckpoint(),
        scored.getUnit().getTask(),
        before == null ? 1 : before.units + 1,
        scored.getTokens() + (before == null ? 0 : memory * before.tokens),
        scored.getSeconds() + (before == null ? 0 : memory * before.seconds),
        scored.getScoredAt());
  }

  /** Until when it counts as at work, unless it publishes another score. */
  public Instant atWorkUntil() {
    return lastAt.plus(AT_WORK);
  }

  /** Tokens a second on the latest checkpoint; 0 where no time was measured. */
  public double tokensPerSecond() {
    return seconds > 0 ? tokens / seconds : 0;
  }
}
