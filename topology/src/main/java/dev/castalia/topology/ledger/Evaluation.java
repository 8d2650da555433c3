package dev.castalia.topology.ledger;

import dev.castalia.schemas.Keys;
import java.util.regex.Pattern;

/**
 * What a ledger row is about: a unit's identity without its slice.
 *
 * @param checkpoint model@revision
 */
record Evaluation(String checkpoint, String task, String version, int shots, String dtype) {

  private static final Pattern SEPARATOR = Pattern.compile(Pattern.quote(Keys.SEPARATOR));
  private static final int PARTS = 5;

  /** Whatever the dtype is, the evaluation's key is the one that was read. */
  static Evaluation parse(String key) {
    String[] parts = SEPARATOR.split(key, PARTS);
    return new Evaluation(parts[0], parts[1], parts[2], Integer.parseInt(parts[3]), parts[4]);
  }

  /** The same of another version of the task. */
  Evaluation inVersion(String other) {
    return new Evaluation(checkpoint, task, other, shots, dtype);
  }

  String key() {
    return String.join(Keys.SEPARATOR, checkpoint, task, version, Integer.toString(shots), dtype);
  }
}
