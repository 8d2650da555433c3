package dev.castalia.gateway.failure;

import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.UnitId;
import dev.castalia.gateway.access.Callers;
import dev.castalia.gateway.api.Page;
import dev.castalia.gateway.problem.Problem;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.View;
import dev.castalia.gateway.view.Views;
import dev.castalia.schemas.Glob;
import dev.castalia.schemas.Keys;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What failed, whoever wanted it. */
@Path("/api/v1/failures")
@Tag(name = "Sweeps")
@RunOnVirtualThread
public class FailureResource {

  private final View<EvaluationFailed> failures;
  private final Retries retries;
  private final Callers callers;

  FailureResource(Views views, Retries retries, Callers callers) {
    this.callers = callers;
    this.failures = views.failures();
    this.retries = retries;
  }

  @GET
  @Operation(
      operationId = "listFailures",
      summary = "List failures",
      description =
          "What failed and is not scored since, and records that could not be read. A filter by"
              + " model or task leaves the records out.")
  public Failures list(
      @Parameter(description = "Only models that match, with * and ?.") @QueryParam("model")
          String model,
      @Parameter(description = "Only tasks that match, with * and ?.") @QueryParam("task")
          String task,
      @Parameter(description = "Only this kind.", example = "PERMANENT") @QueryParam("kind")
          String kind,
      @Parameter(description = Page.AFTER) @QueryParam("after") String after,
      @BeanParam Page page) {
    List<Row<EvaluationFailed>> found = matching(failures.rowsAfter(after), model, task, kind);
    return new Failures(
        page.of(found).stream().map(Failure::of).toList(),
        page.number(),
        page.size(),
        found.size());
  }

  @POST
  @Path("/retry")
  @Operation(
      operationId = "retryFailures",
      summary = "Retry failures",
      description =
          "Has failed units tried again, all or those that match. What is no unit, an unreadable"
              + " record or a task that nobody registered, is left out, and so is what no sweep"
              + " wants any more.")
  @APIResponse(
      responseCode = "200",
      description = "How many units are tried again.",
      content = @Content(schema = @Schema(implementation = Retries.Retried.class)))
  @APIResponse(
      responseCode = "404",
      description = "No such failure.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  @APIResponse(
      responseCode = "409",
      description = "No sweep wants any of them any more: a new one tries them again.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public Retries.Retried retry(
      @Parameter(description = "Only the one of this key.") @QueryParam("failure") String failure,
      @Parameter(description = "Only models that match, with * and ?.") @QueryParam("model")
          String model,
      @Parameter(description = "Only tasks that match, with * and ?.") @QueryParam("task")
          String task,
      @Parameter(description = "Only this kind.", example = "EXHAUSTED") @QueryParam("kind")
          String kind,
      @Parameter(description = "Who asks, if not the caller; operators only.") @QueryParam("by")
          String by) {
    if (failure != null && failures.get(failure).isEmpty()) {
      throw ProblemException.notFound("failure", failure, List.of());
    }
    return retries.retry(
        matching(failures.rows(), model, task, kind).stream()
            .filter(row -> failure == null || failure.equals(row.key()))
            .toList(),
        callers.current().actingFor(by));
  }

  private static List<Row<EvaluationFailed>> matching(
      Collection<Row<EvaluationFailed>> rows, String model, String task, String kind) {
    Predicate<UnitId> units = units(model, task);
    return rows.stream()
        .filter(row -> units.test(row.value().getUnit()))
        .filter(row -> kind == null || kind.equals(row.value().getKind().name()))
        .toList();
  }

  private static Predicate<UnitId> units(String model, String task) {
    if (model == null && task == null) {
      return unit -> true;
    }
    Predicate<String> models = Glob.anyOf(model);
    Predicate<String> tasks = Glob.anyOf(task);
    return unit ->
        unit != null && models.test(Keys.model(unit.getCheckpoint())) && tasks.test(unit.getTask());
  }
}
