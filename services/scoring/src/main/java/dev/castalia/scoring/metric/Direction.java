package dev.castalia.scoring.metric;

/** Which values of a metric are better. */
public sealed interface Direction {

  record Higher() implements Direction {}

  record Lower() implements Direction {}

  /** Nearer to a value is better: a bias measure's unbiased value. */
  record Nearest(double value) implements Direction {}

  Direction HIGHER = new Higher();
  Direction LOWER = new Lower();
}
