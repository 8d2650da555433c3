package dev.castalia.gateway.board;

import dev.castalia.events.Scorecard;
import java.util.Comparator;

/**
 * Scores that can be compared: one task, at one number of shots, in one precision, measured by one.
 *
 * @param source null for what Castalia measured
 */
record BoardKey(String task, int shots, String dtype, String source)
    implements Comparable<BoardKey> {

  private static final Comparator<BoardKey> ORDER =
      Comparator.comparing(BoardKey::task)
          .thenComparing(BoardKey::shots)
          .thenComparing(BoardKey::source, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(BoardKey::dtype);

  static BoardKey of(Scorecard card) {
    return new BoardKey(card.getTask(), card.getShots(), card.getDtype(), card.getSource());
  }

  @Override
  public int compareTo(BoardKey that) {
    return ORDER.compare(this, that);
  }
}
