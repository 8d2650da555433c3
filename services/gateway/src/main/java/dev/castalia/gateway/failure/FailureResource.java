package dev.castalia.gateway.failure;

import dev.castalia.events.EvaluationFailed;
import dev.castalia.gateway.access.Callers;
import dev.castalia.gateway.access.Needs;
import dev.castalia.gateway.access.Role;
import dev.castalia.gateway.api.Page;
import dev.castalia.gateway.problem.Problem;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.View;
import dev.castalia.gateway.view.Views;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.Collection;
import java.util.List;
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

  private static final String ONE = "Only the one of this key.";
  private static final String BY = "Who asks, if not the caller; operators only.";

  private final View<EvaluationFailed> failures;
  private final Retries retries;
  private final Dismissals dismissals;
  private final Callers callers;

  FailureResource(Views views, Retries retries, Dismissals dismissals, Callers callers) {
    this.callers = callers;
    this.failures = views.failures();
    this.retries = retries;
    this.dismissals = dismissals;
  }

  @GET
  @Operation(
      operationId = "listFailures",
      summary = "List failures",
      description =
          "What failed and is not scored since, and records that could not be read, unless it was"
              + " dismissed. A filter by model or task leaves the records out.")
  public Failures list(
      @BeanParam FailureFilter filter, @BeanParam FailureOrder order, @BeanParam Page page) {
    return Failures.of(order.list(failures).filter(filter.predicate()).toList(), page);
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
      @Parameter(description = ONE) @QueryParam("failure") String failure,
      @BeanParam FailureFilter filter,
      @Parameter(description = BY) @QueryParam("by") String by) {
    return retries.retry(matching(failure, filter), callers.current().actingFor(by));
  }

  @POST
  @Path("/dismiss")
  @Needs(Role.OPERATOR)
  @Operation(
      operationId = "dismissFailures",
      summary = "Dismiss failures",
      description =
          "Puts failures away, all or those that match: they are listed and retried no more. A unit"
              + " still counts as failed in the progress of its sweeps, and is told of again if it"
              + " fails again; a new sweep tries it again.")
  @APIResponse(
      responseCode = "200",
      description = "How many failures were put away.",
      content = @Content(schema = @Schema(implementation = Dismissals.Dismissed.class)))
  @APIResponse(
      responseCode = "404",
      description = "No such failure.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public Dismissals.Dismissed dismiss(
      @Parameter(description = ONE) @QueryParam("failure") String failure,
      @BeanParam FailureFilter filter,
      @Parameter(description = BY) @QueryParam("by") String by) {
    return dismissals.dismiss(matching(failure, filter), callers.current().actingFor(by));
  }

  /**
   * @param failure key of the only one that is meant; null for all
   * @throws ProblemException if there is no failure of that key
   */
  private List<Row<EvaluationFailed>> matching(String failure, FailureFilter filter) {
    Collection<Row<EvaluationFailed>> meant =
        failure == null
            ? failures.rows()
            : List.of(
                failures
                    .row(failure)
                    .orElseThrow(() -> ProblemException.notFound("failure", failure, List.of())));
    return meant.stream().filter(filter.predicate()).toList();
  }
}
