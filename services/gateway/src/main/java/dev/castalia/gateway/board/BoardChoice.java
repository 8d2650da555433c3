package dev.castalia.gateway.board;

import dev.castalia.gateway.api.Dtypes;
import dev.castalia.gateway.api.Parameters;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.schemas.Source;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which board of a task is wanted, as far as that was said.
 *
 * @param shots null where it was not said, as are the others
 * @param source {@value Source#OWN} for Castalia
 */
record BoardChoice(Long shots, String dtype, String source) {

  /**
   * @throws ProblemException if shots are no number of shots
   */
  static BoardChoice of(String shots, String dtype, String source) {
    return new BoardChoice(
        Parameters.numberOrNull("shots", shots, 0, Integer.MAX_VALUE), dtype, source);
  }

  /**
   * What was not said is the task's own where that was scored, else the first that was.
   *
   * @param scored all boards of the task
   * @throws ProblemException if it was scored, but not so
   */
  BoardKey among(Collection<BoardKey> scored, String task, int usualShots) {
    List<BoardKey> fitting = fitting(scored, task);
    return Stream.<Predicate<BoardKey>>of(
            key -> key.shots() == usualShots && key.dtype().equals(Dtypes.USUAL),
            key -> key.shots() == usualShots && key.source() == null,
            key -> key.source() == null,
            key -> key.shots() == usualShots,
            key -> true)
        .flatMap(preferred -> fitting.stream().filter(preferred))
        .findFirst()
        .orElseGet(
            () ->
                new BoardKey(
                    task,
                    shots == null ? usualShots : shots.intValue(),
                    dtype == null ? Dtypes.USUAL : dtype,
                    Source.OWN.equals(source) ? null : source));
  }

  private List<BoardKey> fitting(Collection<BoardKey> scored, String task) {
    List<BoardKey> fitting = List.copyOf(scored);
    String what = task;
    if (source != null) {
      fitting = fitting(fitting, key -> Source.name(key.source()), source, what, "by %s");
      what += " by " + source;
    }
    if (shots != null) {
      fitting =
          fitting(
              fitting, key -> Integer.toString(key.shots()), shots.toString(), what, "at %s shots");
    }
    if (dtype != null) {
      fitting = fitting(fitting, BoardKey::dtype, dtype, what, "in %s");
    }
    return fitting;
  }

  private static List<BoardKey> fitting(
      List<BoardKey> from,
      Function<BoardKey, String> part,
      String wanted,
      String what,
      String form) {
    List<BoardKey> fitting = from.stream().filter(key -> part.apply(key).equals(wanted)).toList();
    if (fitting.isEmpty() && !from.isEmpty()) {
      String others =
          from.stream()
              .map(part)
              .distinct()
              .map(it -> it.isEmpty() ? "a precision that is not told" : it)
              .collect(Collectors.joining(", "));
      throw ProblemException.noneLikeThat(
          "no-such-leaderboard",
          "No such leaderboard",
          "Nothing of %s is %s; it is %s."
              .formatted(what, form.formatted(wanted), form.formatted(others)));
    }
    return fitting;
  }
}
