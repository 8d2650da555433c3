package dev.castalia.topology.ledger;

import dev.castalia.topology.TopologyMonitor;
import dev.castalia.topology.ledger.Outstanding.Late;
import dev.castalia.topology.state.LedgerRow;
import dev.castalia.topology.state.UnitState;
import dev.castalia.topology.state.UnitStatus;

/**
 * Opens again what was not answered by its deadline. That counts as an attempt only where the
 * scorers sent something meanwhile: those that are away say nothing of the units that wait for
 * them. A unit that takes the last scorer down is bounded all the same, for its request is handed
 * out again when one is back, which gives it up, and is heard.
 */
final class Deadlines {

  private final Outstanding outstanding;
  private final Accounts accounts;
  private final Queue queue;
  private final Refusals refusals;
  private final Failures failures;
  private final Outbox outbox;
  private final int attempts;
  private final TopologyMonitor monitor;

  Deadlines(
      Outstanding outstanding,
      Accounts accounts,
      Queue queue,
      Refusals refusals,
      Failures failures,
      Outbox outbox,
      LedgerSettings settings,
      TopologyMonitor monitor) {
    this.outstanding = outstanding;
    this.accounts = accounts;
    this.queue = queue;
    this.refusals = refusals;
    this.failures = failures;
    this.outbox = outbox;
    this.attempts = settings.attempts();
    this.monitor = monitor;
  }

  void tick() {
    for (Late late : outstanding.late(outbox.now())) {
      monitor.late(
          Evaluation.parse(late.bundle().getEvaluations().getFirst()).checkpoint(),
          late.request(),
          late.bundle().getUnanswered());
      outstanding.remove(late.request());
      for (String key : late.bundle().getEvaluations()) {
        reopen(Evaluation.parse(key), late);
      }
    }
  }

  private void reopen(Evaluation evaluation, Late late) {
    LedgerRow row =
        accounts.change(
            evaluation,
            it -> {
              for (UnitState unit : it.getUnits()) {
                if (unit.getStatus() == UnitStatus.OUTSTANDING
                    && late.request().equals(unit.getRequest())) {
                  reopen(evaluation, unit, late);
                }
              }
            });
    queue.add(evaluation, row);
  }

  private void reopen(Evaluation evaluation, UnitState unit, Late late) {
    refusals.end(evaluation, unit);
    if (!late.heard()) {
      unit.setAttempts(unit.getAttempts() - 1);
      unit.setStatus(UnitStatus.WAITING);
    } else if (unit.getAttempts() >= attempts) {
      failures.exhausted(evaluation, unit, late.request());
    } else {
      unit.setStatus(UnitStatus.WAITING);
    }
  }
}
