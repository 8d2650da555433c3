package dev.castalia.topology.ledger;

import java.time.Duration;

/**
 * How the ledger hands out work.
 *
 * @param window bundles of one partition that may be outstanding at once
 * @param attempts how often a unit is issued before it has failed for good, those times left out in
 *     which its scorers sent nothing at all
 * @param pools the pools of scorers, with what one of each is thought to do, for estimates
 * @param loadBytesPerSecond how fast a scorer is thought to load weights
 * @param minBundle a bundle is filled to at least this estimate, however small the model
 * @param maxBundle and to at most this, however large the model
 * @param maxBundleUnits units in a bundle at most: with the window, what bounds how many answers of
 *     large sweeps those of a small one come behind
 * @param minDeadline how long a request may go unanswered, whatever the estimate
 * @param retryPause how long a unit rests after its first passing failure, twice as long after each
 *     further one; each unit up to as much again, so that those that failed together part
 */
public record LedgerSettings(
    int window,
    int attempts,
    Pools pools,
    double loadBytesPerSecond,
    Duration minBundle,
    Duration maxBundle,
    int maxBundleUnits,
    Duration minDeadline,
    Duration retryPause) {

  public LedgerSettings {
    requirePositive("window", window);
    requirePositive("attempts", attempts);
    requirePositive("loadBytesPerSecond", loadBytesPerSecond);
    requirePositive("minBundle", minBundle.toMillis());
    requirePositive("maxBundleUnits", maxBundleUnits);
    requirePositive("minDeadline", minDeadline.toMillis());
    requirePositive("retryPause", retryPause.toMillis());
    if (maxBundle.compareTo(minBundle) < 0) {
      throw new IllegalArgumentException(
          "maxBundle " + maxBundle + " is below minBundle " + minBundle);
    }
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException(name + " is " + value + ": give a positive number");
    }
  }
}
