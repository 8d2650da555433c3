package dev.castalia.topology.ledger;

import dev.castalia.schemas.Keys;

/** Where a row waits: for whom, and for which pool. In this order, so that a pool takes its own. */
record QueueKey(String sweep, String pool, String evaluation) {

  static QueueKey parse(String key) {
    int first = key.indexOf(Keys.SEPARATOR);
    int second = key.indexOf(Keys.SEPARATOR, first + 1);
    return new QueueKey(
        key.substring(0, first), key.substring(first + 1, second), key.substring(second + 1));
  }

  /** The keys of that sweep and pool start so. */
  static String line(String sweep, String pool) {
    return sweep + Keys.SEPARATOR + pool + Keys.SEPARATOR;
  }

  @Override
  public String toString() {
    return line(sweep, pool) + evaluation;
  }
}
