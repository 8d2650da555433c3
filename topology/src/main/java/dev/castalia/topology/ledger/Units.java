package dev.castalia.topology.ledger;

import dev.castalia.events.UnitId;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.state.LedgerRow;
import dev.castalia.topology.state.UnitState;
import dev.castalia.topology.state.UnitStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Optional;

/** The units of a row. */
final class Units {

  /** In place of the request of a unit whose score was taken back: it has been issued. */
  static final String ANSWERED = "";

  private Units() {}

  static UnitState waiting(int start, int end) {
    return new UnitState(start, end, UnitStatus.WAITING, 0, null, 0L, 0L, new ArrayList<>());
  }

  /**
   * The unit of that slice. A row that no sweep wants yet takes any; one that is planned has
   * exactly the slices of its task, and nothing else belongs to it.
   */
  static Optional<UnitState> of(LedgerRow row, int start, int end) {
    for (UnitState unit : row.getUnits()) {
      if (unit.getStart() == start && unit.getEnd() == end) {
        return Optional.of(unit);
      }
    }
    if (!row.getSweeps().isEmpty()) {
      return Optional.empty();
    }
    UnitState unit = waiting(start, end);
    row.getUnits().add(unit);
    row.getUnits().sort(Comparator.comparingInt(UnitState::getStart));
    return Optional.of(unit);
  }

  /** The unit waits again, as if it had never been asked for. */
  static void reopen(UnitState unit) {
    unit.setStatus(UnitStatus.WAITING);
    unit.setAttempts(0);
  }

  /** In sections that say something of single units. */
  static String key(Evaluation evaluation, UnitState unit) {
    return evaluation.key() + Keys.SEPARATOR + unit.getStart();
  }

  static UnitId id(Evaluation evaluation, UnitState unit) {
    return new UnitId(
        evaluation.checkpoint(),
        evaluation.task(),
        evaluation.version(),
        evaluation.shots(),
        evaluation.dtype(),
        unit.getStart(),
        unit.getEnd());
  }
}
