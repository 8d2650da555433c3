package dev.castalia.gateway.board;

import dev.castalia.events.Scorecard;

/** Scores that can be compared: one task, at one number of shots, in one precision. */
record BoardKey(String task, int shots, String dtype) implements Comparable<BoardKey> {

  static BoardKey of(Scorecard card) {
    return new BoardKey(card.getTask(), card.getShots(), card.getDtype());
  }

  @Override
  public int compareTo(BoardKey that) {
    int byTask = task.compareTo(that.task);
    int byShots = byTask != 0 ? byTask : Integer.compare(shots, that.shots);
    return byShots != 0 ? byShots : dtype.compareTo(that.dtype);
  }
}
