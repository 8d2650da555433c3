package dev.castalia.topology.ledger;

import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.FailureKind;
import dev.castalia.events.UnitId;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.state.UnitState;
import dev.castalia.topology.state.UnitStatus;
import java.time.Instant;

/** What the ledger itself says of failures. */
final class Failures {

  private final Outbox outbox;

  Failures(Outbox outbox) {
    this.outbox = outbox;
  }

  /** Gives the unit up after no answer came as often as it may be asked for. */
  void exhausted(Evaluation evaluation, UnitState unit, String request) {
    exhausted(
        evaluation,
        unit,
        request,
        null,
        "no scorer answered",
        "look at the scorers' logs for this request, then retry the failure");
  }

  /** Gives the unit up after it failed as often as it may. */
  void exhausted(Evaluation evaluation, UnitState unit, EvaluationFailed last) {
    exhausted(
        evaluation, unit, last.getRequest(), last.getScorer(), last.getReason(), last.getRemedy());
  }

  /** Takes back the failure that is on record for the unit, if there is one. */
  void withdraw(Evaluation evaluation, UnitState unit) {
    if (unit.getFailedAt() != 0) {
      unit.setFailedAt(0L);
      outbox.send(Keys.of(Units.id(evaluation, unit)), new LedgerOutput.FailureWithdrawn());
    }
  }

  private void exhausted(
      Evaluation evaluation,
      UnitState unit,
      String request,
      String scorer,
      String reason,
      String remedy) {
    long now = outbox.now();
    unit.setStatus(UnitStatus.FAILED);
    unit.setRequest(null);
    unit.setFailedAt(now);
    UnitId id = Units.id(evaluation, unit);
    outbox.send(
        Keys.of(id),
        new LedgerOutput.Failed(
            new EvaluationFailed(
                id,
                FailureKind.EXHAUSTED,
                reason + ", after " + unit.getAttempts() + " attempts",
                remedy,
                unit.getAttempts(),
                request,
                scorer,
                Instant.ofEpochMilli(now))));
  }
}
