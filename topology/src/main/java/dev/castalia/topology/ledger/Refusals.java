package dev.castalia.topology.ledger;

import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.UnitState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Since when units have been refused by every scorer that took them. */
final class Refusals {

  private final Books books;

  /** The section in memory: most of the time it is empty, and every score ends refusals. */
  private final Map<String, Instant> since = new HashMap<>();

  Refusals(Books books) {
    this.books = books;
    books.refused.forEach("", (key, mark) -> since.put(key, Instant.parse(mark.getText())));
  }

  /**
   * The unit was refused.
   *
   * @return for how long it has met nothing else
   */
  Duration add(Evaluation evaluation, UnitState unit, Instant at) {
    String key = Units.key(evaluation, unit);
    Instant first = since.putIfAbsent(key, at);
    if (first == null) {
      books.refused.put(key, new Mark(at.toString()));
      return Duration.ZERO;
    }
    return Duration.between(first, at);
  }

  /** Something else became of the unit. */
  void end(Evaluation evaluation, UnitState unit) {
    String key = Units.key(evaluation, unit);
    if (since.remove(key) != null) {
      books.refused.remove(key);
    }
  }
}
