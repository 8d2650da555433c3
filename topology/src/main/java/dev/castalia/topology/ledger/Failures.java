package dev.castalia.topology.ledger;

import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.FailureKind;
import dev.castalia.events.SweepTask;
import dev.castalia.events.UnitId;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.TopologyMonitor;
import dev.castalia.topology.state.UnitDigest;
import dev.castalia.topology.state.UnitState;
import dev.castalia.topology.state.UnitStatus;
import java.time.Duration;
import java.time.Instant;

/** What the ledger itself says of failures. */
final class Failures {

  private final Outbox outbox;
  private final TopologyMonitor monitor;

  Failures(Outbox outbox, TopologyMonitor monitor) {
    this.outbox = outbox;
    this.monitor = monitor;
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

  /** Gives the unit up after every scorer that took it refused it, for so long. */
  void refused(Evaluation evaluation, UnitState unit, EvaluationFailed last, Duration time) {
    giveUp(
        evaluation,
        unit,
        last.getRequest(),
        last.getScorer(),
        "%s; in %d s no scorer with the right files took it"
            .formatted(last.getReason(), time.toSeconds()),
        "give a scorer the files that were asked for, or publish those it has, then retry");
  }

  /** Gives the unit up after it was scored with nothing but replaced weights, for so long. */
  void ofReplacedWeights(
      Evaluation evaluation, UnitState unit, UnitDigest score, String known, Duration time) {
    giveUp(
        evaluation,
        unit,
        score.getRequest(),
        null,
        "it was scored with weights %s, and others with %s after them: scorers have different files of %s; in %d s none with the latter took it"
            .formatted(score.getFingerprint(), known, evaluation.checkpoint(), time.toSeconds()),
        "publish the checkpoint with the contentHash of the files that count: it is then scored with them alone");
  }

  /** Gives the unit up after it was scored with nothing but other weights, for so long. */
  void ofOtherWeights(
      Evaluation evaluation, UnitState unit, UnitDigest score, String published, Duration time) {
    giveUp(
        evaluation,
        unit,
        score.getRequest(),
        null,
        "it was scored with weights %s, and %s is published with contentHash %s; in %d s no scorer with those took it"
            .formatted(
                score.getFingerprint(), evaluation.checkpoint(), published, time.toSeconds()),
        "give scorers the files that were published, then retry, or publish the checkpoint with the contentHash of those they have");
  }

  /**
   * Says again of a unit that it was given up: a failure of an earlier request took the place of
   * what said so.
   */
  void sayAgain(Evaluation evaluation, UnitState unit, EvaluationFailed late) {
    send(
        evaluation,
        unit,
        late.getRequest(),
        late.getScorer(),
        late.getReason() + "; the unit was given up already",
        "mend what the reason names, then retry the failure");
  }

  /** A sweep wants a task that nobody registered. */
  void missingTask(String key, String sweep, SweepTask wanted) {
    String version = wanted.getVersion() == null ? "" : " in version " + wanted.getVersion();
    outbox.send(
        key,
        new LedgerOutput.Failed(
            new EvaluationFailed(
                null,
                FailureKind.PERMANENT,
                "sweep %s wants task %s%s, which is not registered"
                    .formatted(sweep, wanted.getTask(), version),
                "register the task: the sweep then goes on with it by itself",
                0,
                null,
                null,
                sweep,
                Instant.ofEpochMilli(outbox.now()))));
  }

  /** Takes back a failure that is no unit's. */
  void withdraw(String key) {
    outbox.send(key, new LedgerOutput.FailureWithdrawn());
  }

  /** Takes back the failure that is on record for the unit, if there is one. */
  void withdraw(Evaluation evaluation, UnitState unit) {
    if (unit.getFailedAt() != 0) {
      unit.setFailedAt(0L);
      withdraw(Keys.of(Units.id(evaluation, unit)));
    }
  }

  private void exhausted(
      Evaluation evaluation,
      UnitState unit,
      String request,
      String scorer,
      String reason,
      String remedy) {
    giveUp(
        evaluation,
        unit,
        request,
        scorer,
        reason + ", after " + unit.getAttempts() + " attempts",
        remedy);
  }

  private void giveUp(
      Evaluation evaluation,
      UnitState unit,
      String request,
      String scorer,
      String reason,
      String remedy) {
    unit.setStatus(UnitStatus.FAILED);
    unit.setFailedAt(outbox.now());
    monitor.givenUp(evaluation.checkpoint(), request, Keys.of(Units.id(evaluation, unit)), reason);
    send(evaluation, unit, request, scorer, reason, remedy);
  }

  private void send(
      Evaluation evaluation,
      UnitState unit,
      String request,
      String scorer,
      String reason,
      String remedy) {
    UnitId id = Units.id(evaluation, unit);
    outbox.send(
        Keys.of(id),
        new LedgerOutput.Failed(
            new EvaluationFailed(
                id,
                FailureKind.EXHAUSTED,
                reason,
                remedy,
                unit.getAttempts(),
                request,
                scorer,
                null,
                Instant.ofEpochMilli(unit.getFailedAt()))));
  }
}
