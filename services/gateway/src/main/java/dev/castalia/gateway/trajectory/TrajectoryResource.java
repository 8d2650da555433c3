package dev.castalia.gateway.trajectory;

import dev.castalia.events.TaskRegistered;
import dev.castalia.events.Trajectory;
import dev.castalia.gateway.api.Dtypes;
import dev.castalia.gateway.api.Page;
import dev.castalia.gateway.api.Parameters;
import dev.castalia.gateway.problem.NearMisses;
import dev.castalia.gateway.problem.Problem;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.Views;
import dev.castalia.schemas.Glob;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Source;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** How metrics moved over training runs. */
@Path("/api/v1/trajectories")
@Tag(name = "Results")
@RunOnVirtualThread
public class TrajectoryResource {

  private final Views views;

  TrajectoryResource(Views views) {
    this.views = views;
  }

  @Schema(name = "Trajectories", description = "A page of trajectories, in the order of keys.")
  public record Trajectories(
      List<TrajectoryForm> trajectories, int page, int pageSize, int total) {}

  @GET
  @Operation(
      operationId = "listTrajectories",
      summary = "List trajectories",
      description = "With their points, by model, task and metric.")
  public Trajectories list(
      @Parameter(description = "Only models that match, with * and ?.") @QueryParam("model")
          String model,
      @Parameter(description = "Only tasks that match, with * and ?.") @QueryParam("task")
          String task,
      @Parameter(description = "Only this metric.", example = "acc") @QueryParam("metric")
          String metric,
      @Parameter(
              description =
                  "Only what was measured by sources that match, castalia being Castalia itself.")
          @QueryParam("source")
          String source,
      @Parameter(
              description =
                  Page.AFTER
                      + " It is model|task|metric|shots|dtype, and |source where others measured.",
              example = "nano-74k|nano_agreement|acc|0|float32")
          @QueryParam("after")
          String after,
      @BeanParam Page page) {
    Predicate<String> models = Glob.anyOf(model);
    Predicate<String> tasks = Glob.anyOf(task);
    Predicate<String> sources = Glob.anyOf(source);
    List<Trajectory> found =
        views.trajectories().rowsAfter(after).stream()
            .map(Row::value)
            .filter(event -> models.test(event.getModel()))
            .filter(event -> tasks.test(event.getTask()))
            .filter(event -> sources.test(Source.name(event.getSource())))
            .filter(event -> metric == null || metric.equals(event.getMetric().getMetric()))
            .toList();
    return new Trajectories(
        page.of(found).stream().map(TrajectoryForm::of).toList(),
        page.number(),
        page.size(),
        found.size());
  }

  @GET
  @Path("/{model}/{task}/{metric}")
  @Operation(
      operationId = "getTrajectory",
      summary = "Read a trajectory",
      description =
          "One run, task and metric. Where a name holds a slash, list with filters instead.")
  @APIResponse(
      responseCode = "200",
      description = "The trajectory.",
      content = @Content(schema = @Schema(implementation = TrajectoryForm.class)))
  @APIResponse(
      responseCode = "404",
      description = "No such trajectory.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public TrajectoryForm get(
      @Parameter(description = "The training run.", example = "nano-74k") @PathParam("model")
          String model,
      @Parameter(description = "Name of the task.", example = "nano_agreement") @PathParam("task")
          String task,
      @Parameter(description = "The metric.", example = "acc") @PathParam("metric") String metric,
      @Parameter(description = "Few-shot examples; the task's own number unless given.")
          @QueryParam("shots")
          String shots,
      @Parameter(description = "Precision computed in.")
          @QueryParam("dtype")
          @DefaultValue(Dtypes.USUAL)
          String dtype,
      @Parameter(description = "A source of reported scores; what Castalia measured unless given.")
          @QueryParam("source")
          String source) {
    Long wanted = Parameters.numberOrNull("shots", shots, 0, Integer.MAX_VALUE);
    int ofShots =
        wanted == null
            ? views.tasks().get(task).map(TaskRegistered::getShots).orElse(0)
            : wanted.intValue();
    String key =
        source == null || source.equals(Source.OWN)
            ? Keys.trajectory(model, task, metric, ofShots, dtype)
            : Keys.trajectory(model, task, metric, ofShots, "", source);
    return views
        .trajectories()
        .get(key)
        .map(TrajectoryForm::of)
        .orElseThrow(
            () ->
                ProblemException.notFound(
                    "trajectory",
                    key,
                    NearMisses.of(
                        key, views.trajectories().rows().stream().map(Row::key).toList())));
  }
}
