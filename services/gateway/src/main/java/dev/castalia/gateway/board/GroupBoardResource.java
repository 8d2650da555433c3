package dev.castalia.gateway.board;

import dev.castalia.events.MetricSpec;
import dev.castalia.gateway.api.Dtypes;
import dev.castalia.gateway.api.Page;
import dev.castalia.gateway.api.Parameters;
import dev.castalia.gateway.board.GroupBoards.GroupEntry;
import dev.castalia.gateway.board.GroupBoards.GroupLeaderboard;
import dev.castalia.gateway.board.GroupBoards.Mean;
import dev.castalia.gateway.catalog.Metric;
import dev.castalia.gateway.problem.NearMisses;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.schemas.Source;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Rankings over groups of tasks. */
@Path("/api/v1/group-leaderboards")
@Tag(name = "Results")
@RunOnVirtualThread
public class GroupBoardResource {

  private final Boards boards;
  private final GroupBoards groupBoards;

  GroupBoardResource(Boards boards, GroupBoards groupBoards) {
    this.boards = boards;
    this.groupBoards = groupBoards;
  }

  @GET
  @Path("/{group: .+}")
  @Operation(
      operationId = "getGroupLeaderboard",
      summary = "Read a group's leaderboard",
      description =
          "Checkpoints ranked by the mean of one metric over the tasks with that tag, each task"
              + " counting the same; where the nearest to a target is best, by their mean distance"
              + " from it. Checkpoints that were not scored on all documents of all of them come"
              + " last and have no rank.")
  public GroupLeaderboard get(
      @Parameter(description = "A tag of tasks.", example = "mmlu") @PathParam("group")
          String group,
      @Parameter(description = "What is averaged.", example = "acc")
          @QueryParam("metric")
          @DefaultValue("acc")
          String metric,
      @Parameter(description = "Few-shot examples.") @QueryParam("shots") @DefaultValue("0")
          String shots,
      @Parameter(description = "Who measured; Castalia unless given.") @QueryParam("source")
          String source,
      @Parameter(description = "Only the best checkpoint of each run.") @QueryParam("best")
          String best,
      @BeanParam BoardFilter filter,
      @BeanParam Page page) {
    page.check();
    int wantedShots = (int) Parameters.number("shots", shots, 0, Integer.MAX_VALUE);
    String wanted = Source.OWN.equals(source) ? null : source;
    NavigableMap<BoardKey, Board> members = new TreeMap<>();
    Set<String> groups = new TreeSet<>();
    boards
        .all()
        .forEach(
            (key, board) -> {
              Set<String> tags = tags(board);
              groups.addAll(tags);
              if (tags.contains(group)
                  && key.shots() == wantedShots
                  && Objects.equals(key.source(), wanted)
                  && (wanted != null || key.dtype().equals(Dtypes.USUAL))
                  && spec(board, metric).isPresent()) {
                members.put(key, board);
              }
            });
    if (members.isEmpty()) {
      throw groups.contains(group)
          ? ProblemException.noneLikeThat(
              "no-such-leaderboard",
              "No such leaderboard",
              "No task of %s has %s at %d shots by %s; its tasks' own leaderboards say what they have."
                  .formatted(group, metric, wantedShots, Source.name(wanted)))
          : ProblemException.notFound("group of tasks", group, NearMisses.of(group, groups));
    }
    MetricSpec spec =
        members.values().stream().flatMap(it -> spec(it, metric).stream()).findFirst().get();
    var predicate = filter.predicate();
    boolean bestOnly = Parameters.flag("best", best);
    Set<String> runs = new HashSet<>();
    List<Mean> means =
        groupBoards.means(members, spec).stream()
            .filter(predicate)
            .filter(mean -> !bestOnly || runs.add(mean.model()))
            .toList();
    List<GroupEntry> entries = GroupBoards.entries(means, members.size());
    return new GroupLeaderboard(
        group,
        Metric.of(spec),
        wantedShots,
        wanted,
        members.keySet().stream().map(BoardKey::task).distinct().toList(),
        page.of(entries),
        page.number(),
        page.size(),
        entries.size());
  }

  private static Set<String> tags(Board board) {
    return board.latest().stream()
        .findFirst()
        .map(card -> Set.copyOf(card.getTags()))
        .orElse(Set.of());
  }

  private static Optional<MetricSpec> spec(Board board, String metric) {
    return board.metrics().stream().filter(it -> it.getMetric().equals(metric)).findFirst();
  }
}
