package dev.castalia.gateway.score;

import dev.castalia.events.ScoreReported;
import dev.castalia.events.Scorecard;
import dev.castalia.gateway.access.Needs;
import dev.castalia.gateway.access.Role;
import dev.castalia.gateway.api.Parameters;
import dev.castalia.gateway.api.Rules;
import dev.castalia.gateway.catalog.Published;
import dev.castalia.gateway.cluster.EventWriter;
import dev.castalia.gateway.problem.Problem;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.gateway.view.View;
import dev.castalia.gateway.view.Views;
import dev.castalia.schemas.CheckpointPartitioner;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Topic;
import dev.castalia.topology.reported.ReportedScores;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Takes in what others measured. */
@Path("/api/v1/reported-scores")
@Tag(name = "Results")
@RunOnVirtualThread
public class ReportResource {

  private final View<Scorecard> scorecards;
  private final EventWriter writer;

  ReportResource(Views views, EventWriter writer) {
    this.scorecards = views.scorecards();
    this.writer = writer;
  }

  @POST
  @Needs(value = Role.PRODUCER, readingWith = "compare")
  @Operation(
      operationId = "reportScores",
      summary = "Report scores",
      description =
          "What others measured: it is shown beside Castalia's own scores under its source, and"
              + " never merged with them. What is known as it is, is left alone. Answers when the"
              + " scores are taken in; scorecards, boards and trajectories follow.")
  @APIResponse(
      responseCode = "200",
      description = "How many scores were new, changed, or known.",
      content = @Content(schema = @Schema(implementation = Published.class)))
  @APIResponse(
      responseCode = "422",
      description = "One is invalid; none was taken in.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public Published report(
      List<Report> body,
      @Parameter(description = "Only say what would be done, to readers too, and take nothing in.")
          @QueryParam("compare")
          String compare) {
    if (body == null || body.isEmpty() || body.contains(null)) {
      throw ProblemException.badRequest(
          "The body is empty or holds null: send one report, or an array of them.");
    }
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    List<ScoreReported> events =
        body.stream().flatMap(report -> report.events(now).stream()).toList();
    int created = 0;
    List<EventWriter.Entry> changes = new ArrayList<>();
    for (ScoreReported event : events) {
      Optional<Scorecard> card = card(event);
      card.ifPresent(it -> Rules.check(it, event));
      if (card.filter(it -> ReportedScores.isKnown(it, event)).isEmpty()) {
        String metric = event.getMetric().getMetric();
        created += card.filter(it -> scores(it, metric)).isEmpty() ? 1 : 0;
        changes.add(entry(event));
      }
    }
    if (!Parameters.flag("compare", compare)) {
      writer.send(Topic.REPORTED_SCORES, changes);
    }
    return new Published(created, changes.size() - created, events.size() - changes.size());
  }

  /** By checkpoint, as all that is wide; scorecards have as many partitions. */
  private EventWriter.Entry entry(ScoreReported event) {
    return new EventWriter.Entry(event)
        .in(
            CheckpointPartitioner.partition(
                Keys.of(event.getCheckpoint()), scorecards.partitions()));
  }

  private Optional<Scorecard> card(ScoreReported event) {
    return scorecards.get(
        Keys.scorecard(
            Keys.of(event.getCheckpoint()),
            event.getTask(),
            event.getShots(),
            "",
            event.getSource()));
  }

  private static boolean scores(Scorecard card, String metric) {
    return card.getMetrics().stream().anyMatch(it -> it.getSpec().getMetric().equals(metric));
  }
}
