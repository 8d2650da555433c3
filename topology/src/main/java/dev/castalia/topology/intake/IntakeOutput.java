package dev.castalia.topology.intake;

import dev.castalia.events.EvaluationFailed;
import org.apache.avro.specific.SpecificRecord;

/** What becomes of a record on an input topic, each with the key it is forwarded under. */
public sealed interface IntakeOutput {

  /** For the ledger. Key: checkpoint, or what a sweep or task is named. */
  record Accepted(SpecificRecord event) implements IntakeOutput {}

  /** The record as it was, its headers with it. Key: topic|partition|offset. */
  record DeadLetter(byte[] value) implements IntakeOutput {}

  /** Says so to people. Key: the failure's. */
  record Refused(EvaluationFailed failure) implements IntakeOutput {}
}
