package dev.castalia.gateway.board;

import dev.castalia.events.MetricSpec;
import dev.castalia.events.Scorecard;
import dev.castalia.events.TaskRegistered;
import dev.castalia.gateway.api.Page;
import dev.castalia.gateway.api.Parameters;
import dev.castalia.gateway.catalog.Metric;
import dev.castalia.gateway.problem.NearMisses;
import dev.castalia.gateway.problem.Problem;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.Views;
import dev.castalia.schemas.Source;
import dev.castalia.topology.Ranks;
import dev.castalia.topology.ScoreOrder;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Rankings, from every scorecard there is. */
@Path("/api/v1/leaderboards")
@Tag(name = "Results", description = "What came of it.")
@RunOnVirtualThread
public class LeaderboardResource {

  private final Boards boards;
  private final Views views;

  LeaderboardResource(Boards boards, Views views) {
    this.boards = boards;
    this.views = views;
  }

  @GET
  @Operation(
      operationId = "listLeaderboards",
      summary = "List leaderboards",
      description =
          "One for every task, number of shots, precision and source of scores that there is.")
  public Leaderboards.Index list() {
    return new Leaderboards.Index(
        boards.all().entrySet().stream()
            .flatMap(board -> summary(board.getKey(), board.getValue()).stream())
            .toList());
  }

  private static Optional<Leaderboards.BoardSummary> summary(BoardKey key, Board board) {
    Collection<Scorecard> cards = board.latest();
    return cards.stream()
        .findFirst()
        .map(
            card ->
                new Leaderboards.BoardSummary(
                    key.task(),
                    card.getVersion(),
                    card.getLanguage(),
                    card.getTags(),
                    key.shots(),
                    key.dtype(),
                    key.source(),
                    board.metrics().stream().map(Metric::of).toList(),
                    cards.size()));
  }

  @GET
  @Path("/{task: .+}")
  @Operation(
      operationId = "getLeaderboard",
      summary = "Read a leaderboard",
      description =
          "Checkpoints ranked by one metric, by the latest version of the task that was scored."
              + " Values that are not finite rank last.")
  @APIResponse(
      responseCode = "200",
      description = "A page of the board.",
      content = @Content(schema = @Schema(implementation = Leaderboards.Leaderboard.class)))
  @APIResponse(
      responseCode = "404",
      description =
          "No such task, or nothing of it by that metric or source, at those shots or in that"
              + " precision.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public Leaderboards.Leaderboard get(
      @Parameter(description = "Name of the task.", example = "nano_agreement") @PathParam("task")
          String task,
      @Parameter(description = "What ranks; the task's main metric unless given.", example = "acc")
          @QueryParam("metric")
          String metric,
      @Parameter(description = "Few-shot examples; the task's own number unless given.")
          @QueryParam("shots")
          String shots,
      @Parameter(description = "Precision computed in; float32 unless given.") @QueryParam("dtype")
          String dtype,
      @Parameter(
              description =
                  "Who measured: a source of reported scores, or castalia; what Castalia measured"
                      + " unless given, or the first source where it has not.")
          @QueryParam("source")
          String source,
      @Parameter(description = "Only the best checkpoint of each run.") @QueryParam("best")
          String best,
      @BeanParam BoardFilter filter,
      @BeanParam Page page) {
    page.check();
    Optional<TaskRegistered> registered = views.tasks().get(task);
    BoardKey key =
        BoardChoice.of(shots, dtype, source)
            .among(
                boards.ofTask(task).navigableKeySet(),
                task,
                registered.map(TaskRegistered::getShots).orElse(0));
    Optional<Board> board = boards.board(key);
    if (board.isEmpty() && registered.isEmpty()) {
      throw unknownTask(task);
    }
    List<MetricSpec> metrics =
        board
            .map(Board::metrics)
            .filter(found -> !found.isEmpty())
            .or(() -> registered.map(TaskRegistered::getMetrics))
            .orElse(List.of());
    MetricSpec ranking = metric(task, metric, metrics);
    List<Standing> standings =
        filtered(
            board.map(found -> found.order(ranking.getMetric())).orElse(List.of()),
            filter,
            Parameters.flag("best", best));
    return new Leaderboards.Leaderboard(
        task,
        standings.isEmpty()
            ? registered.map(TaskRegistered::getVersion).orElse(null)
            : standings.getFirst().card().getVersion(),
        Metric.of(ranking),
        key.shots(),
        key.dtype(),
        key.source(),
        sources(task, key, ranking.getMetric()),
        entries(standings, ScoreOrder.of(ranking), page),
        page.number(),
        page.size(),
        standings.size());
  }

  /** Who else measured the same. */
  private List<String> sources(String task, BoardKey shown, String metric) {
    return boards.ofTask(task).entrySet().stream()
        .filter(board -> board.getKey().shots() == shown.shots())
        .filter(
            board ->
                board.getValue().metrics().stream().anyMatch(it -> it.getMetric().equals(metric)))
        .map(board -> Source.name(board.getKey().source()))
        .distinct()
        .toList();
  }

  private ProblemException unknownTask(String task) {
    Set<String> names = new HashSet<>();
    views.tasks().rows().stream().map(Row::key).forEach(names::add);
    boards.all().keySet().stream().map(BoardKey::task).forEach(names::add);
    return ProblemException.notFound("task", task, NearMisses.of(task, names));
  }

  private static MetricSpec metric(String task, String wanted, List<MetricSpec> metrics) {
    return metrics.stream()
        .filter(spec -> wanted == null || spec.getMetric().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                ProblemException.notFound(
                    "metric of " + task,
                    wanted,
                    metrics.stream().map(MetricSpec::getMetric).toList()));
  }

  private static List<Standing> filtered(
      List<Standing> all, BoardFilter filter, boolean bestOfEachRun) {
    if (filter.isEmpty() && !bestOfEachRun) {
      return all;
    }
    var wanted = filter.predicate();
    Set<String> runs = new HashSet<>();
    List<Standing> kept = new ArrayList<>();
    for (Standing standing : all) {
      if (wanted.test(standing) && (!bestOfEachRun || runs.add(standing.model()))) {
        kept.add(standing);
      }
    }
    return kept;
  }

  /** Of the page alone: a board may have hundreds of thousands. */
  private static List<Leaderboards.Entry> entries(
      List<Standing> standings, ScoreOrder order, Page page) {
    int[] ranks = Ranks.of(standings.stream().mapToDouble(Standing::sortable).toArray());
    return page.places(standings.size())
        .mapToObj(
            i ->
                Leaderboards.Entry.of(
                    ranks[i],
                    standings.get(i),
                    i == 0 ? null : standings.get(i).apart(standings.getFirst(), order),
                    i == 0 ? null : standings.get(i).apart(standings.get(i - 1), order)))
        .toList();
  }
}
