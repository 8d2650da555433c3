package dev.castalia.cli.text;

import dev.castalia.cli.gateway.BoardSummary;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.GroupLeaderboard;
import dev.castalia.cli.gateway.Leaderboard;
import dev.castalia.schemas.Source;
import java.io.PrintWriter;
import java.util.Map;

/** Leaderboards as text. */
public final class Boards {

  /** The precision that is meant where none was asked for. */
  public static final String USUAL_DTYPE = "float32";

  private Boards() {}

  /** Prints one board: rank, checkpoint, value and standard error, documents scored. */
  public static void print(Leaderboard board, PrintWriter out) {
    String shots = board.shots() == 0 ? "" : ", %d-shot".formatted(board.shots());
    String source = board.source() == null ? "" : ", by " + board.source();
    out.printf(
        "%s: %s (%s%s%s%s), %d of %d%n",
        board.task(),
        board.metric().metric(),
        better(board),
        shots,
        precision(board.dtype()),
        source,
        board.entries().size(),
        board.total());
    Table table =
        new Table(">rank", "model", "revision", ">step", board.metric().metric(), ">documents");
    for (Leaderboard.Entry entry : board.entries()) {
      table.row(
          entry.rank(),
          entry.model(),
          entry.revision(),
          entry.step(),
          Numbers.withError(entry.value(), entry.notFinite(), entry.stderr()) + mark(entry),
          entry.ofDocuments() == 0 ? "-" : entry.documents() + "/" + entry.ofDocuments());
    }
    table.lines().forEach(out::println);
    if (board.entries().stream().anyMatch(entry -> !mark(entry).isEmpty())) {
      out.println("~ not distinguishable from the first: their 95 % intervals overlap");
    }
    if (board.sources() != null && board.sources().size() > 1) {
      out.println("measured by " + String.join(", ", board.sources()) + "; choose with --source");
    }
    out.flush();
  }

  /** Prints a group's board: rank, checkpoint, mean and standard error, tasks wholly scored. */
  public static void print(GroupLeaderboard board, PrintWriter out) {
    out.printf(
        "%s: mean %s over %s%s%s, %d of %d%n",
        board.group(),
        board.metric().metric(),
        Numbers.count(board.tasks().size(), "task"),
        board.metric().direction().equals("NEAREST")
            ? ", ranked by mean distance from " + board.metric().target()
            : "",
        board.source() == null ? "" : ", by " + board.source(),
        board.entries().size(),
        board.total());
    Table table =
        new Table(">rank", "model", "revision", ">step", board.metric().metric(), ">tasks");
    for (GroupLeaderboard.Entry entry : board.entries()) {
      table.row(
          entry.rank() == null ? "-" : entry.rank(),
          entry.model(),
          entry.revision(),
          entry.step(),
          Numbers.withError(entry.value(), entry.notFinite(), entry.stderr()),
          entry.tasks() + "/" + entry.ofTasks());
    }
    table.lines().forEach(out::println);
    out.flush();
  }

  /** As part of a title: nothing of what is usual, or not known. */
  public static String precision(String dtype) {
    return dtype.equals(USUAL_DTYPE) || dtype.isEmpty() ? "" : ", " + dtype;
  }

  private static String mark(Leaderboard.Entry entry) {
    return Boolean.FALSE.equals(entry.apartFromFirst()) ? " ~" : "";
  }

  private static String better(Leaderboard board) {
    return switch (board.metric().direction()) {
      case "UNKNOWN" -> "not known what is better";
      case "LOWER" -> "lower is better";
      case "NEAREST" -> "nearer " + board.metric().target() + " is better";
      default -> "higher is better";
    };
  }

  /**
   * Prints every board there is, by the task's main metric.
   *
   * @param limit entries a board at most, 1 to 1000
   */
  public static void printAll(GatewayClient gateway, int limit, PrintWriter out) {
    String between = "";
    for (BoardSummary board : gateway.leaderboards()) {
      out.print(between);
      print(
          gateway.leaderboard(
              board.task(),
              limit,
              Map.of(
                  "shots",
                  Integer.toString(board.shots()),
                  "dtype",
                  board.dtype(),
                  "source",
                  Source.name(board.source()))),
          out);
      between = System.lineSeparator();
    }
  }
}
