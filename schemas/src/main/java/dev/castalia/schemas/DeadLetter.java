package dev.castalia.schemas;

import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.FailureKind;
import java.time.Instant;

/**
 * A record that cannot be read, and never will be: it is put aside byte for byte, and a failure
 * tells people so.
 *
 * @param topic where it was read
 * @param reason what is wrong with it, with the value at fault: 1,000 characters at most, without
 *     control characters, whatever is given
 */
public record DeadLetter(String topic, int partition, long offset, String reason) {

  /** Header of the record put aside: why, as UTF-8 text. */
  public static final String REASON = "castalia.reason";

  /** The value at fault may be as long as an event. */
  private static final int LONGEST_REASON = 1000;

  public DeadLetter {
    if (reason.length() > LONGEST_REASON) {
      reason = reason.substring(0, LONGEST_REASON - 1) + "…";
    }
    reason = PlainText.line(reason);
  }

  /** Key of the record put aside, and of the failure. */
  public String key() {
    return Keys.deadLetter(topic, partition, offset);
  }

  /** What tells people; the same for all records of a topic that have the same wrong. */
  public EvaluationFailed failure(Instant now) {
    return new EvaluationFailed(
        null,
        FailureKind.UNREADABLE,
        "a record of %s cannot be read: %s".formatted(topic, reason),
        "look at the dead letter of the same key, mend its producer, and send it again",
        1,
        null,
        null,
        null,
        now);
  }
}
