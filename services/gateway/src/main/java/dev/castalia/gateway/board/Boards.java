package dev.castalia.gateway.board;

import dev.castalia.events.Scorecard;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.View;
import dev.castalia.gateway.view.Views;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** All boards, kept up with the scorecards. */
@Startup
@Singleton
public class Boards implements View.Listener<Scorecard> {

  private final NavigableMap<BoardKey, Board> boards = new ConcurrentSkipListMap<>();

  Boards(Views views) {
    views.scorecards().listen(this);
  }

  @Override
  public void changed(Row<Scorecard> before, Row<Scorecard> after) {
    if (before != null && after.isDeletion()) {
      Board board = boards.get(BoardKey.of(before.value()));
      board.remove(before.key());
      if (board.isEmpty()) {
        boards.remove(BoardKey.of(before.value()));
      }
    }
    if (!after.isDeletion()) {
      boards
          .computeIfAbsent(BoardKey.of(after.value()), key -> new Board())
          .put(after.key(), after.value());
    }
  }

  @Override
  public void cleared() {
    boards.clear();
  }

  Optional<Board> board(BoardKey key) {
    return Optional.ofNullable(boards.get(key));
  }

  Map<BoardKey, Board> all() {
    return boards;
  }

  /** The boards of one task. */
  NavigableMap<BoardKey, Board> ofTask(String task) {
    return boards.subMap(
        new BoardKey(task, Integer.MIN_VALUE, "", null),
        true,
        new BoardKey(task + '\0', Integer.MIN_VALUE, "", null),
        false);
  }
}
