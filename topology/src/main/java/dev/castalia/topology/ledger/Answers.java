package dev.castalia.topology.ledger;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.FailureKind;
import dev.castalia.events.RetryRequested;
import dev.castalia.events.TaskRegistered;
import dev.castalia.events.UnitId;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.ledger.Catalog.ActiveSweep;
import dev.castalia.topology.state.LedgerRow;
import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.UnitDigest;
import dev.castalia.topology.state.UnitState;
import dev.castalia.topology.state.UnitStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Takes scorers' answers into the rows. A unit answered twice is answered once: a score takes its
 * own place, and a score beats a failure.
 */
final class Answers {

  private final Books books;
  private final Catalog catalog;
  private final Standing standing;
  private final Accounts accounts;
  private final Queue queue;
  private final Outstanding outstanding;
  private final Refusals refusals;
  private final Failures failures;
  private final Scorecards scorecards;
  private final Documents documents;
  private final Outbox outbox;
  private final LedgerSettings settings;
  private final long begun;

  /**
   * @param begun since when there is this ledger's state, in ms since the epoch: what was scored
   *     before is read again
   */
  Answers(
      Books books,
      Catalog catalog,
      Standing standing,
      Accounts accounts,
      Queue queue,
      Outstanding outstanding,
      Refusals refusals,
      Failures failures,
      Scorecards scorecards,
      Documents documents,
      Outbox outbox,
      LedgerSettings settings,
      long begun) {
    this.books = books;
    this.catalog = catalog;
    this.standing = standing;
    this.accounts = accounts;
    this.queue = queue;
    this.outstanding = outstanding;
    this.refusals = refusals;
    this.failures = failures;
    this.scorecards = scorecards;
    this.documents = documents;
    this.outbox = outbox;
    this.settings = settings;
    this.begun = begun;
  }

  void scored(UnitDigest digest) {
    Evaluation evaluation = Evaluation.parse(digest.getEvaluation());
    outstanding.heardOf(evaluation.checkpoint());
    if (isOfOtherWeights(evaluation.checkpoint(), digest.getFingerprint())) {
      refuseOfOtherWeights(evaluation, digest);
      return;
    }
    if (isOfReplacedWeights(evaluation.checkpoint(), digest)) {
      refuseOfReplacedWeights(evaluation, digest);
      return;
    }
    weightsAre(evaluation.checkpoint(), digest.getFingerprint());
    accounts.change(
        evaluation,
        it -> {
          Optional<UnitState> unit = Units.of(it, digest.getStart(), digest.getEnd());
          unit.ifPresent(found -> score(evaluation, found, digest));
        });
    scorecards.changed(evaluation);
  }

  /** Whether the checkpoint was published with other weights than were scored. */
  private boolean isOfOtherWeights(String checkpoint, String fingerprint) {
    CheckpointPublished published = books.checkpoints.get(checkpoint);
    return published != null
        && published.getContentHash() != null
        && !published.getContentHash().equals(fingerprint);
  }

  /**
   * Whether it is of the weights that those of now have replaced: then scorers have different files
   * under one name, and would take back each other's scores without end. Read again, the same is a
   * checkpoint's history.
   */
  private boolean isOfReplacedWeights(String checkpoint, UnitDigest digest) {
    Mark known = books.fingerprints.get(checkpoint);
    if (known == null || known.getText().equals(digest.getFingerprint())) {
      return false;
    }
    Mark replaced = books.replaced.get(checkpoint);
    return replaced != null
        && replaced.getText().equals(digest.getFingerprint())
        && digest.getScoredAt() >= begun;
  }

  private static boolean isAnswer(UnitState unit, UnitDigest digest) {
    return unit.getStart() == digest.getStart()
        && unit.getEnd() == digest.getEnd()
        && unit.getStatus() == UnitStatus.OUTSTANDING
        && unit.getRequest().equals(digest.getRequest());
  }

  private void refuseOfOtherWeights(Evaluation evaluation, UnitDigest digest) {
    String published = books.checkpoints.get(evaluation.checkpoint()).getContentHash();
    refuse(
        evaluation,
        digest,
        unit ->
            refuseUnit(
                evaluation,
                unit,
                Instant.ofEpochMilli(digest.getScoredAt()),
                time -> failures.ofOtherWeights(evaluation, unit, digest, published, time)));
  }

  private void refuseOfReplacedWeights(Evaluation evaluation, UnitDigest digest) {
    String known = books.fingerprints.get(evaluation.checkpoint()).getText();
    refuse(
        evaluation,
        digest,
        unit ->
            refuseUnit(
                evaluation,
                unit,
                Instant.ofEpochMilli(digest.getScoredAt()),
                time -> failures.ofReplacedWeights(evaluation, unit, digest, known, time)));
  }

  private void refuse(Evaluation evaluation, UnitDigest digest, Consumer<UnitState> refusal) {
    if (books.rows.get(evaluation.key()) == null) {
      return;
    }
    LedgerRow row =
        accounts.change(
            evaluation,
            it -> it.getUnits().stream().filter(unit -> isAnswer(unit, digest)).forEach(refusal));
    queue.add(evaluation, row);
  }

  private void score(Evaluation evaluation, UnitState unit, UnitDigest digest) {
    if (digest.getScoredAt() < begun && !isAnswer(unit, digest)) {
      outstanding.readAgain(outbox.now());
    }
    outstanding.settle(unit);
    refusals.end(evaluation, unit);
    failures.withdraw(evaluation, unit);
    unit.setStatus(UnitStatus.SCORED);
    unit.setRequest(null);
    unit.setMetrics(digest.getMetrics());
    unit.setScoredAt(digest.getScoredAt());
    documents.keep(evaluation, unit, digest.getDocuments());
  }

  /**
   * Scores of a checkpoint come from one set of weights. When the weights are others than before,
   * what the old ones scored is open again.
   */
  void weightsAre(String checkpoint, String fingerprint) {
    Mark known = books.fingerprints.get(checkpoint);
    if (known != null && known.getText().equals(fingerprint)) {
      return;
    }
    books.fingerprints.put(checkpoint, new Mark(fingerprint));
    if (known != null) {
      books.replaced.put(checkpoint, known);
      books.rows.forEach(
          checkpoint + Keys.SEPARATOR, (key, row) -> scoreAnew(Evaluation.parse(key)));
    }
  }

  private void scoreAnew(Evaluation evaluation) {
    LedgerRow row =
        accounts.change(
            evaluation,
            it -> {
              for (UnitState unit : it.getUnits()) {
                if (unit.getStatus() == UnitStatus.SCORED) {
                  Units.reopen(unit);
                  unit.setRequest(Units.ANSWERED);
                  unit.setMetrics(new ArrayList<>());
                  unit.setScoredAt(0L);
                  documents.forget(evaluation, unit);
                }
              }
            });
    queue.add(evaluation, row);
    scorecards.send(evaluation, row);
  }

  /** What is not scored of the checkpoint waits anew: it has other files now, or none. */
  void reopen(String checkpoint) {
    books.rows.forEach(
        checkpoint + Keys.SEPARATOR, (key, row) -> reopen(Evaluation.parse(key), row));
  }

  /** What is not scored of the task waits anew: it was registered with another location. */
  void reopen(TaskRegistered task) {
    books.forEachRow(task, this::reopen);
  }

  private void reopen(Evaluation evaluation, LedgerRow known) {
    known.getUnits().stream()
        .filter(unit -> unit.getStatus() != UnitStatus.SCORED)
        .forEach(unit -> refusals.end(evaluation, unit));
    if (known.getUnits().stream().noneMatch(Answers::isUnderWay)) {
      return;
    }
    LedgerRow row =
        accounts.change(
            evaluation,
            it -> {
              for (UnitState unit : it.getUnits()) {
                if (isUnderWay(unit)) {
                  outstanding.settle(unit);
                  Units.reopen(unit);
                  failures.withdraw(evaluation, unit);
                }
              }
            });
    queue.add(evaluation, row);
  }

  /** Whether it was asked for, or has failed, and is not scored. */
  private static boolean isUnderWay(UnitState unit) {
    return unit.getStatus() != UnitStatus.SCORED
        && (unit.getAttempts() > 0 || unit.getFailedAt() != 0);
  }

  void failed(EvaluationFailed failure) {
    UnitId id = failure.getUnit();
    Evaluation evaluation = Evaluation.parse(Keys.evaluation(id));
    LedgerRow row =
        accounts.change(
            evaluation,
            it -> {
              Optional<UnitState> unit = Units.of(it, id.getStart(), id.getEnd());
              if (isScorers(failure, unit)) {
                outstanding.heardOf(evaluation.checkpoint());
              }
              unit.ifPresent(found -> fail(evaluation, it, found, failure));
            });
    if (failure.getKind() != FailureKind.PASSING) {
      queue.add(evaluation, row);
    }
  }

  /** Whether a scorer says it now: the ledger gives up, and what is dismissed is written again. */
  private static boolean isScorers(EvaluationFailed failure, Optional<UnitState> unit) {
    return failure.getKind() != FailureKind.EXHAUSTED
        && unit.filter(it -> it.getStatus() == UnitStatus.FAILED).isEmpty();
  }

  /** Opens a failed unit again. One that has not failed is left as it is. */
  void retry(RetryRequested retry) {
    UnitId id = retry.getUnit();
    Evaluation evaluation = Evaluation.parse(Keys.evaluation(id));
    if (books.rows.get(evaluation.key()) == null) {
      return;
    }
    LedgerRow row =
        accounts.change(
            evaluation,
            it -> {
              for (UnitState unit : it.getUnits()) {
                if (unit.getStart() == id.getStart()
                    && unit.getEnd() == id.getEnd()
                    && unit.getStatus() == UnitStatus.FAILED) {
                  Units.reopen(unit);
                  failures.withdraw(evaluation, unit);
                }
              }
            });
    queue.add(evaluation, row);
  }

  private void fail(
      Evaluation evaluation, LedgerRow row, UnitState unit, EvaluationFailed failure) {
    boolean isAnswer = isAnswer(unit, failure);
    // A unit that was never issued may have failed all the same: before this state was built.
    boolean counts = isAnswer || unit.getRequest() == null && !isOutdated(row, failure);
    if (counts || unit.getStatus() != UnitStatus.FAILED) {
      // It is on record whether it counts or not, and to be taken back with the unit's score.
      unit.setFailedAt(failure.getFailedAt().toEpochMilli());
    }
    if (unit.getStatus() == UnitStatus.SCORED || isLetGo(evaluation, row, unit)) {
      failures.withdraw(evaluation, unit);
    } else if (unit.getStatus() == UnitStatus.FAILED && isTriedAgain(failure)) {
      failures.sayAgain(evaluation, unit, failure);
    } else if (failure.getKind() == FailureKind.PASSING) {
      if (isAnswer) {
        pass(evaluation, unit, failure);
      }
    } else if (failure.getKind() == FailureKind.REFUSED) {
      if (isAnswer) {
        refuseUnit(
            evaluation,
            unit,
            failure.getFailedAt(),
            time -> failures.refused(evaluation, unit, failure, time));
      }
    } else if (counts) {
      outstanding.settle(unit);
      refusals.end(evaluation, unit);
      unit.setStatus(UnitStatus.FAILED);
    }
  }

  /** Whether nobody waits for it any more: no score would ever take its failure back. */
  private boolean isLetGo(Evaluation evaluation, LedgerRow row, UnitState unit) {
    return standing.isRetired(evaluation.checkpoint())
        || unit.getStatus() == UnitStatus.WAITING
            && unit.getRequest() != null
            && !catalog.isWanted(row);
  }

  /** Whether it says of its unit that it will be tried again. */
  private static boolean isTriedAgain(EvaluationFailed failure) {
    return failure.getKind() == FailureKind.PASSING || failure.getKind() == FailureKind.REFUSED;
  }

  /** Whether it is what became of the request that the unit is outstanding under. */
  private static boolean isAnswer(UnitState unit, EvaluationFailed failure) {
    return unit.getStatus() == UnitStatus.OUTSTANDING
        && unit.getRequest().equals(failure.getRequest());
  }

  /** Whether somebody asked for the row after it had failed: the failure then says nothing new. */
  private boolean isOutdated(LedgerRow row, EvaluationFailed failure) {
    for (String id : row.getSweeps()) {
      ActiveSweep sweep = catalog.sweep(id);
      if (sweep != null && sweep.request().getRequestedAt().isAfter(failure.getFailedAt())) {
        return true;
      }
    }
    return false;
  }

  private void pass(Evaluation evaluation, UnitState unit, EvaluationFailed failure) {
    outstanding.settle(unit);
    refusals.end(evaluation, unit);
    if (unit.getAttempts() >= settings.attempts()) {
      failures.exhausted(evaluation, unit, failure);
    } else {
      unit.setStatus(UnitStatus.WAITING);
      queue.rest(evaluation, unit);
    }
  }

  /**
   * One scorer has other files; the unit is still another's. A refusal is no attempt: what bounds
   * it is how long nobody else took the unit.
   */
  private void refuseUnit(
      Evaluation evaluation, UnitState unit, Instant at, Consumer<Duration> giveUp) {
    outstanding.settle(unit);
    unit.setAttempts(unit.getAttempts() - 1);
    Duration refusedFor = refusals.add(evaluation, unit, at);
    if (refusedFor.compareTo(settings.minDeadline()) < 0) {
      unit.setStatus(UnitStatus.WAITING);
    } else {
      refusals.end(evaluation, unit);
      giveUp.accept(refusedFor);
    }
  }
}
