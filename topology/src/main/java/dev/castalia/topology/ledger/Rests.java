package dev.castalia.topology.ledger;

import dev.castalia.schemas.Keys;
import dev.castalia.topology.state.LedgerRow;
import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.Section.Entries;
import dev.castalia.topology.state.UnitState;
import dev.castalia.topology.state.UnitStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Units that wait, but are not to be issued for a while: they failed in passing. */
final class Rests {

  private static final int TIME_DIGITS = 19;

  private final Books books;
  private final Outbox outbox;
  private final long pause;

  /** No rest is over before this, in ms since the epoch. */
  private long next;

  Rests(Books books, Outbox outbox, LedgerSettings settings) {
    this.books = books;
    this.outbox = outbox;
    this.pause = settings.retryPause().toMillis();
  }

  /**
   * Lets the unit rest for a time that grows with its attempts: what is wrong for a moment is to
   * have time to pass, and units that went down together are not to be issued together again.
   */
  void begin(Evaluation evaluation, UnitState unit) {
    long grown = pause << Math.min(unit.getAttempts() - 1, 10);
    long apart = Math.floorMod(Keys.of(Units.id(evaluation, unit)).hashCode(), grown);
    long due = outbox.now() + grown + apart;
    books.rests.put(Units.key(evaluation, unit), new Mark(Long.toString(due)));
    books.resting.put(String.format(Locale.ROOT, "%019d|%s", due, evaluation.key()), new Mark(""));
    next = Math.min(next, due);
  }

  /** Whether the unit may be issued now. One that was opened again has no need of rest. */
  boolean isReady(Evaluation evaluation, UnitState unit) {
    return unit.getStatus() == UnitStatus.WAITING
        && (unit.getAttempts() == 0 || books.rests.get(Units.key(evaluation, unit)) == null);
  }

  boolean anyReady(Evaluation evaluation, LedgerRow row) {
    return row.getUnits().stream().anyMatch(it -> isReady(evaluation, it));
  }

  /** Ends the rests that are over; the rows that have units of them. */
  List<Evaluation> end() {
    long now = outbox.now();
    if (next > now) {
      return List.of();
    }
    next = Long.MAX_VALUE;
    List<String> over = new ArrayList<>();
    try (Entries<Mark> resting = books.resting.startingWith("")) {
      while (resting.hasNext() && next == Long.MAX_VALUE) {
        String key = resting.next().key;
        long due = Long.parseLong(key.substring(0, TIME_DIGITS));
        if (due <= now) {
          over.add(key);
        } else {
          next = due;
        }
      }
    }
    List<Evaluation> rested = new ArrayList<>();
    for (String key : over) {
      books.resting.remove(key);
      Evaluation evaluation = Evaluation.parse(key.substring(TIME_DIGITS + 1));
      end(evaluation, now);
      rested.add(evaluation);
    }
    return rested;
  }

  private void end(Evaluation evaluation, long now) {
    for (UnitState unit : books.rows.get(evaluation.key()).getUnits()) {
      String key = Units.key(evaluation, unit);
      Mark due = books.rests.get(key);
      if (due != null && Long.parseLong(due.getText()) <= now) {
        books.rests.remove(key);
      }
    }
  }
}
