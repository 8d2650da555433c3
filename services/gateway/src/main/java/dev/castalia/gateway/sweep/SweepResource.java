package dev.castalia.gateway.sweep;

import dev.castalia.events.EvaluationFailed;
import dev.castalia.gateway.access.Callers;
import dev.castalia.gateway.access.Needs;
import dev.castalia.gateway.access.Role;
import dev.castalia.gateway.api.Page;
import dev.castalia.gateway.failure.Dismissals;
import dev.castalia.gateway.failure.FailureOrder;
import dev.castalia.gateway.failure.Failures;
import dev.castalia.gateway.failure.Retries;
import dev.castalia.gateway.problem.Problem;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.Sweep;
import dev.castalia.gateway.view.SweepScope;
import dev.castalia.gateway.view.Views;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/** Sweeps: asking for them, watching them, calling them off. */
@Path("/api/v1/sweeps")
@Tag(name = "Sweeps", description = "Asking for evaluations, and how far they are.")
@RunOnVirtualThread
public class SweepResource {

  private static final Logger LOG = Logger.getLogger(SweepResource.class);

  private static final String ID = "Id of the sweep.";
  private static final String BY = "Who asks, if not the caller; operators only.";

  private final Views views;
  private final SweepDesk desk;
  private final Retries retries;
  private final Dismissals dismissals;
  private final Callers callers;

  SweepResource(
      Views views, SweepDesk desk, Retries retries, Dismissals dismissals, Callers callers) {
    this.callers = callers;
    this.views = views;
    this.desk = desk;
    this.retries = retries;
    this.dismissals = dismissals;
  }

  @Schema(name = "Sweeps", description = "A page of sweeps, the latest first.")
  public record Sweeps(List<SweepSummary> sweeps, int page, int pageSize, int total) {}

  @POST
  @Operation(
      operationId = "requestSweep",
      summary = "Request a sweep",
      description =
          "Resolves the tasks, pins their versions (a standing sweep follows the latest), and"
              + " enqueues the evaluation. Safe to repeat under an id of one's own.")
  @APIResponse(
      responseCode = "202",
      description = "Accepted; Location is where to watch it.",
      headers = @Header(name = "Location", description = "Path of the sweep."),
      content = @Content(schema = @Schema(implementation = SweepSummary.class)))
  @APIResponse(
      responseCode = "200",
      description = "The same request was accepted before.",
      headers = @Header(name = "Location", description = "Path of the sweep."),
      content = @Content(schema = @Schema(implementation = SweepSummary.class)))
  @APIResponse(
      responseCode = "409",
      description = "The id has another request.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  @APIResponse(
      responseCode = "422",
      description = "A task is unknown, or no checkpoint matches.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public Response request(SweepOrder order) {
    if (order == null) {
      throw emptyBody();
    }
    SweepDesk.Accepted accepted = desk.accept(order, callers.current());
    log(accepted);
    return Response.status(accepted.created() ? Response.Status.ACCEPTED : Response.Status.OK)
        .location(URI.create("/api/v1/sweeps/" + accepted.sweep().id()))
        .entity(SweepSummary.withPlan(accepted.sweep(), views))
        .build();
  }

  private static void log(SweepDesk.Accepted accepted) {
    MDC.put("sweep", accepted.sweep().id());
    try {
      LOG.infof("Sweep %s is %s", accepted.sweep().id(), accepted.created() ? "accepted" : "known");
    } finally {
      MDC.remove("sweep");
    }
  }

  @POST
  @Path("/estimate")
  @Needs(Role.READER)
  @Operation(
      operationId = "estimateSweep",
      summary = "Estimate a sweep",
      description = "What a sweep would amount to and how long it may take. Nothing is enqueued.")
  @APIResponse(
      responseCode = "200",
      description = "The estimate.",
      content = @Content(schema = @Schema(implementation = SweepEstimate.class)))
  @APIResponse(
      responseCode = "422",
      description = "A task is unknown, or no checkpoint matches.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public SweepEstimate estimate(SweepOrder order) {
    if (order == null) {
      throw emptyBody();
    }
    return desk.estimate(order);
  }

  private static ProblemException emptyBody() {
    return ProblemException.badRequest("The body is empty: send a sweep as a JSON object.");
  }

  @POST
  @Path("/plan")
  @Needs(Role.READER)
  @Operation(
      operationId = "planSweep",
      summary = "Plan a sweep",
      description =
          "What a sweep would amount to, by what is published now and what is given here as if it"
              + " were; enqueues and publishes nothing.")
  @APIResponse(
      responseCode = "200",
      description = "The plan.",
      content = @Content(schema = @Schema(implementation = SweepPlan.class)))
  @APIResponse(
      responseCode = "422",
      description = "A task is unknown, no checkpoint matches, or one that is given is invalid.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public SweepPlan plan(PlanOrder order) {
    if (order == null) {
      throw emptyBody();
    }
    return desk.plan(order);
  }

  @GET
  @Operation(
      operationId = "listSweeps",
      summary = "List sweeps",
      description = "With their progress, the latest first.")
  public Sweeps list(@BeanParam Page page) {
    List<Row<Sweep>> found =
        views.sweeps().rows().stream()
            .sorted(Comparator.comparing((Row<Sweep> row) -> row.at()).reversed())
            .toList();
    return new Sweeps(
        page.of(found).stream().map(row -> SweepSummary.of(row.value(), views)).toList(),
        page.number(),
        page.size(),
        found.size());
  }

  @GET
  @Path("/{sweep}")
  @Operation(
      operationId = "getSweep",
      summary = "Read a sweep",
      description = "What was asked for, what it amounts to, and how far it is.")
  @APIResponse(
      responseCode = "200",
      description = "The sweep.",
      content = @Content(schema = @Schema(implementation = SweepSummary.class)))
  @APIResponse(
      responseCode = "404",
      description = "No such sweep.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public SweepSummary get(@Parameter(description = ID) @PathParam("sweep") String sweep) {
    return SweepSummary.withPlan(desk.get(sweep), views);
  }

  @DELETE
  @Path("/{sweep}")
  @Operation(
      operationId = "cancelSweep",
      summary = "Cancel a sweep",
      description =
          "What was not issued is dropped; what runs may finish, and counts for whoever else wants"
              + " it. Cancelling again changes nothing.")
  @APIResponse(
      responseCode = "202",
      description = "Cancelled.",
      content = @Content(schema = @Schema(implementation = SweepSummary.class)))
  @APIResponse(
      responseCode = "404",
      description = "No such sweep.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public Response cancel(
      @Parameter(description = ID) @PathParam("sweep") String sweep,
      @Parameter(description = "Who cancels, if not the caller; operators only.") @QueryParam("by")
          String by) {
    return Response.accepted(SweepSummary.of(desk.cancel(sweep, by, callers.current()), views))
        .build();
  }

  @GET
  @Path("/{sweep}/progress")
  @Operation(
      operationId = "getProgress",
      summary = "Read a sweep's progress",
      description = "In units, whole and by model.")
  @APIResponse(
      responseCode = "200",
      description = "The progress.",
      content = @Content(schema = @Schema(implementation = Progress.class)))
  @APIResponse(
      responseCode = "404",
      description = "No such sweep.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public Progress progress(@Parameter(description = ID) @PathParam("sweep") String sweep) {
    return Progress.of(desk.get(sweep).id(), views);
  }

  @GET
  @Path("/{sweep}/failures")
  @Operation(
      operationId = "listSweepFailures",
      summary = "List a sweep's failures",
      description = "What failed of what the sweep wants; nothing for a cancelled one.")
  @APIResponse(
      responseCode = "200",
      description = "A page of failures.",
      content = @Content(schema = @Schema(implementation = Failures.class)))
  @APIResponse(
      responseCode = "404",
      description = "No such sweep.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public Failures failures(
      @Parameter(description = ID) @PathParam("sweep") String sweep,
      @BeanParam FailureOrder order,
      @BeanParam Page page) {
    return Failures.of(failuresOf(sweep, order.list(views.failures())), page);
  }

  @POST
  @Path("/{sweep}/failures/retry")
  @Operation(
      operationId = "retrySweepFailures",
      summary = "Retry a sweep's failures",
      description = "Has everything tried again that failed of what the sweep wants.")
  @APIResponse(
      responseCode = "200",
      description = "How many units are tried again.",
      content = @Content(schema = @Schema(implementation = Retries.Retried.class)))
  @APIResponse(
      responseCode = "404",
      description = "No such sweep.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public Retries.Retried retry(
      @Parameter(description = ID) @PathParam("sweep") String sweep,
      @Parameter(description = BY) @QueryParam("by") String by) {
    return retries.retry(failuresOf(sweep), callers.current().actingFor(by));
  }

  @POST
  @Path("/{sweep}/failures/dismiss")
  @Needs(Role.OPERATOR)
  @Operation(
      operationId = "dismissSweepFailures",
      summary = "Dismiss a sweep's failures",
      description =
          "Puts everything away that failed of what the sweep wants. Its progress stays as it is.")
  @APIResponse(
      responseCode = "200",
      description = "How many failures were put away.",
      content = @Content(schema = @Schema(implementation = Dismissals.Dismissed.class)))
  @APIResponse(
      responseCode = "404",
      description = "No such sweep.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  @APIResponse(
      responseCode = "409",
      description = "It was cancelled, and what it wanted is not known any more.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public Dismissals.Dismissed dismiss(
      @Parameter(description = ID) @PathParam("sweep") String sweep,
      @Parameter(description = BY) @QueryParam("by") String by) {
    if (desk.get(sweep) instanceof Sweep.Cancelled) {
      throw ProblemException.conflict(
          "sweep-cancelled",
          "Sweep cancelled",
          "Sweep %s was cancelled, and what it wanted is not known any more: dismiss by model and task."
              .formatted(sweep));
    }
    return dismissals.dismiss(failuresOf(sweep), callers.current().actingFor(by));
  }

  private List<Row<EvaluationFailed>> failuresOf(String sweep) {
    return failuresOf(sweep, views.failures().rows().stream());
  }

  private List<Row<EvaluationFailed>> failuresOf(
      String sweep, Stream<Row<EvaluationFailed>> failures) {
    SweepScope scope = SweepScope.of(desk.get(sweep), views);
    return failures.filter(row -> isOf(sweep, scope, row.value())).toList();
  }

  private static boolean isOf(String sweep, SweepScope scope, EvaluationFailed failure) {
    return failure.getUnit() == null
        ? sweep.equals(failure.getSweep())
        : scope.covers(failure.getUnit());
  }
}
