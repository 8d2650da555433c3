package dev.castalia.gateway.view;

import java.time.Instant;

/**
 * The latest record of a key.
 *
 * @param value null where the record deletes
 * @param offset of the record in its partition
 * @param at the record's time
 */
public record Row<V>(String key, V value, int partition, long offset, Instant at) {

  public boolean isDeletion() {
    return value == null;
  }
}
