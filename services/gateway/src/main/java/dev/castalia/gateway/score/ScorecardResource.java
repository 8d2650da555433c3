package dev.castalia.gateway.score;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.Scorecard;
import dev.castalia.events.TaskRegistered;
import dev.castalia.gateway.api.Dtypes;
import dev.castalia.gateway.api.Page;
import dev.castalia.gateway.api.Parameters;
import dev.castalia.gateway.problem.NearMisses;
import dev.castalia.gateway.problem.Problem;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.gateway.score.ScorecardForms.CheckpointScores;
import dev.castalia.gateway.score.ScorecardForms.TaskScore;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.Views;
import dev.castalia.schemas.Glob;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Source;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Scores, by checkpoint. */
@Path("/api/v1/scorecards")
@Tag(name = "Results")
@RunOnVirtualThread
public class ScorecardResource {

  private static final String SOURCE =
      "Only what was measured by sources that match, castalia being Castalia itself.";
  private static final Comparator<CheckpointPublished> BY_STEP =
      Comparator.comparing(CheckpointPublished::getModel)
          .thenComparing(CheckpointPublished::getStep)
          .thenComparing(CheckpointPublished::getRevision);

  private final Views views;
  private final ObjectMapper json;

  ScorecardResource(Views views, ObjectMapper json) {
    this.views = views;
    this.json = json;
  }

  @Schema(name = "Scorecards", description = "Scores by checkpoint, by model and step.")
  public record Scorecards(List<CheckpointScores> scorecards) {}

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "listScorecards",
      summary = "List scorecards",
      description =
          "All that match, streamed, by model and step; a page of them where a page is asked for.")
  @APIResponse(
      responseCode = "200",
      description = "The scorecards.",
      content = @Content(schema = @Schema(implementation = Scorecards.class)))
  public StreamingOutput list(
      @Parameter(description = "Only models that match, with * and ?.") @QueryParam("model")
          String model,
      @Parameter(
              description =
                  "Only these steps: all, log, every:N, A..B or a number, comma-separated.")
          @QueryParam("steps")
          String steps,
      @Parameter(description = "Only tasks that match, with * and ?.") @QueryParam("task")
          String task,
      @Parameter(description = SOURCE) @QueryParam("source") String source,
      @BeanParam Page page,
      @Context UriInfo uri) {
    page.check();
    Predicate<String> models = Glob.anyOf(model);
    Predicate<String> tasks = Glob.anyOf(task);
    Predicate<String> sources = Glob.anyOf(source);
    Predicate<Scorecard> cards =
        card -> tasks.test(card.getTask()) && sources.test(Source.name(card.getSource()));
    LongPredicate wanted = Parameters.steps(steps);
    boolean paged =
        uri.getQueryParameters().containsKey("page")
            || uri.getQueryParameters().containsKey("pageSize");
    List<CheckpointPublished> all = scored(models, wanted, cards);
    List<CheckpointPublished> shown = paged ? page.of(all) : all;
    return output -> {
      try (JsonGenerator out = json.createGenerator(output)) {
        out.writeStartObject();
        out.writeArrayFieldStart("scorecards");
        for (CheckpointPublished checkpoint : shown) {
          out.writePOJO(scores(checkpoint, cards));
        }
        out.writeEndArray();
        out.writeEndObject();
      }
    };
  }

  private List<CheckpointPublished> scored(
      Predicate<String> models, LongPredicate steps, Predicate<Scorecard> cards) {
    Map<String, CheckpointPublished> found = new HashMap<>();
    for (Row<Scorecard> row : views.scorecards().rows()) {
      CheckpointPublished checkpoint = row.value().getCheckpoint();
      if (models.test(checkpoint.getModel())
          && steps.test(checkpoint.getStep())
          && cards.test(row.value())) {
        found.put(Keys.of(checkpoint), checkpoint);
      }
    }
    List<CheckpointPublished> sorted = new ArrayList<>(found.values());
    sorted.sort(BY_STEP);
    return sorted;
  }

  @GET
  @Path("/{checkpoint: .+}")
  @Operation(
      operationId = "getScorecard",
      summary = "Read a scorecard",
      description = "One checkpoint's scores on all tasks; none where nothing is scored yet.")
  @APIResponse(
      responseCode = "200",
      description = "The scorecard.",
      content = @Content(schema = @Schema(implementation = CheckpointScores.class)))
  @APIResponse(
      responseCode = "404",
      description = "No such checkpoint.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public CheckpointScores get(
      @Parameter(description = "model@revision.", example = "nano-74k@step512")
          @PathParam("checkpoint")
          String checkpoint) {
    return views
        .checkpoints()
        .get(checkpoint)
        .or(
            () ->
                views.scorecards().rowsWithPrefix(checkpoint + Keys.SEPARATOR).stream()
                    .findFirst()
                    .map(row -> row.value().getCheckpoint()))
        .map(known -> scores(known, card -> true))
        .orElseThrow(
            () ->
                ProblemException.notFound(
                    "checkpoint",
                    checkpoint,
                    NearMisses.of(
                        checkpoint, views.checkpoints().rows().stream().map(Row::key).toList())));
  }

  private CheckpointScores scores(CheckpointPublished checkpoint, Predicate<Scorecard> cards) {
    Map<String, TaskScore> scores = new TreeMap<>();
    views.scorecards().rowsWithPrefix(Keys.of(checkpoint) + Keys.SEPARATOR).stream()
        .map(Row::value)
        .filter(cards)
        .forEach(card -> scores.put(name(card), TaskScore.of(card)));
    return new CheckpointScores(
        checkpoint.getModel(), checkpoint.getRevision(), checkpoint.getStep(), scores);
  }

  /** The same whatever else is scored, so that a program can rely on it. */
  private String name(Scorecard card) {
    int ownShots = views.tasks().get(card.getTask()).map(TaskRegistered::getShots).orElse(0);
    String shots = card.getShots() == ownShots ? "" : "@" + card.getShots() + "shot";
    if (card.getSource() != null) {
      return card.getTask() + shots + "@" + card.getSource();
    }
    String dtype = card.getDtype().equals(Dtypes.USUAL) ? "" : "@" + card.getDtype();
    return card.getTask() + shots + dtype;
  }
}
