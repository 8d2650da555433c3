package dev.castalia.topology.intake;

import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.ScoreReported;
import dev.castalia.topology.state.UnitDigest;
import org.apache.avro.specific.SpecificRecord;

/** What becomes of a record on an input topic, each with the key it is forwarded under. */
public sealed interface IntakeOutput {

  /**
   * For the ledger, or several, of whatever partition. Key: checkpoint, or what a sweep or task is
   * named.
   */
  record Accepted(SpecificRecord event) implements IntakeOutput {}

  /** A score that lies in the partition whose ledger it is for. Key: checkpoint. */
  record AtHome(UnitDigest score) implements IntakeOutput {}

  /**
   * What somebody else measured; the ledger has no part in it. Key: checkpoint.
   *
   * @param isAtHome whether it lies in its checkpoint's partition
   */
  record Reported(ScoreReported score, boolean isAtHome) implements IntakeOutput {}

  /** The record as it was, its headers with it. Key: topic|partition|offset. */
  record DeadLetter(byte[] value) implements IntakeOutput {}

  /** Says so to people. Key: the failure's. */
  record Refused(EvaluationFailed failure) implements IntakeOutput {}
}
