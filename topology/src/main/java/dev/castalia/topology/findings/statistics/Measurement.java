package dev.castalia.topology.findings.statistics;

/**
 * A score and how well it is known.
 *
 * @param at where it was taken, such as the logarithm of a training step or of a model's size
 * @param value the score
 * @param stderr its standard error, at least 0; NaN when unknown
 */
public record Measurement(double at, double value, double stderr) {

  /** Where a training step lies: log2(1 + step), so that step 0 has a place, too. */
  public static double place(long step) {
    return Math.log1p(step) / Math.log(2);
  }

  /** The step at a place. */
  public static long step(double place) {
    return Math.round(Math.expm1(place * Math.log(2)));
  }
}
