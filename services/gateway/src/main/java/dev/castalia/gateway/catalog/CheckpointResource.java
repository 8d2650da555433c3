package dev.castalia.gateway.catalog;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.gateway.api.Page;
import dev.castalia.gateway.api.Parameters;
import dev.castalia.gateway.problem.NearMisses;
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
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The checkpoints that can be evaluated, or could be. */
@Path("/api/v1/checkpoints")
@Tag(name = "Catalog")
@RunOnVirtualThread
public class CheckpointResource {

  private static final Comparator<CheckpointPublished> BY_STEP =
      Comparator.comparing(CheckpointPublished::getModel)
          .thenComparing(CheckpointPublished::getStep)
          .thenComparing(CheckpointPublished::getRevision);

  private final View<CheckpointPublished> checkpoints;
  private final Publisher publisher;

  CheckpointResource(Views views, Publisher publisher) {
    this.checkpoints = views.checkpoints();
    this.publisher = publisher;
  }

  @Schema(name = "Checkpoints", description = "A page of checkpoints, by model and step.")
  public record Checkpoints(List<Checkpoint> checkpoints, int page, int pageSize, int total) {}

  @POST
  @Operation(
      operationId = "publishCheckpoints",
      summary = "Publish checkpoints",
      description =
          "One checkpoint or an array of them. One that is known as it is, is left alone; one that"
              + " changed keeps the time it was first published at. One that is retired is asked for"
              + " no more, under whatever sweep; published again, it is gone on with. Answers when"
              + " the checkpoints can be read back.")
  @APIResponse(
      responseCode = "201",
      description = "At least one was new.",
      content = @Content(schema = @Schema(implementation = Published.class)))
  @APIResponse(
      responseCode = "200",
      description = "All were known.",
      content = @Content(schema = @Schema(implementation = Published.class)))
  @APIResponse(
      responseCode = "422",
      description = "One is invalid; none was published.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public Response publish(List<Checkpoint> body) {
    Published published =
        publisher.publish(
            checkpoints,
            Bodies.items(body),
            checkpoint -> checkpoint::toEvent,
            Keys::of,
            (known, wanted) ->
                CheckpointPublished.newBuilder(wanted)
                    .setPublishedAt(known.getPublishedAt())
                    .build());
    return Bodies.created(published);
  }

  @GET
  @Operation(
      operationId = "listCheckpoints",
      summary = "List checkpoints",
      description = "By model, then step.")
  public Checkpoints list(
      @Parameter(description = "Only models that match, with * and ?.", example = "nano-74k*")
          @QueryParam("model")
          String model,
      @Parameter(description = "Only this variant.", example = "deduped") @QueryParam("variant")
          String variant,
      @Parameter(description = "Only this seed.", example = "1234") @QueryParam("seed") String seed,
      @Parameter(description = "Only this suite.", example = "nano") @QueryParam("suite")
          String suite,
      @Parameter(
              description =
                  "Only these steps: all, log, every:N, A..B or a number, comma-separated.",
              example = "log")
          @QueryParam("steps")
          String steps,
      @Parameter(description = Page.AFTER, example = "nano-74k@step512") @QueryParam("after")
          String after,
      @BeanParam Page page) {
    Predicate<String> models = Glob.anyOf(model);
    LongPredicate wanted = Parameters.steps(steps);
    Long ofSeed = Parameters.numberOrNull("seed", seed, Long.MIN_VALUE, Long.MAX_VALUE);
    CheckpointPublished last = after == null ? null : known(after);
    List<CheckpointPublished> found =
        checkpoints.rows().stream()
            .map(Row::value)
            .filter(event -> models.test(event.getModel()))
            .filter(event -> wanted.test(event.getStep()))
            .filter(event -> variant == null || variant.equals(event.getVariant()))
            .filter(event -> ofSeed == null || ofSeed.equals(event.getSeed()))
            .filter(event -> suite == null || suite.equals(event.getSuite()))
            .filter(event -> last == null || BY_STEP.compare(event, last) > 0)
            .sorted(BY_STEP)
            .toList();
    return new Checkpoints(
        page.of(found).stream().map(Checkpoint::of).toList(),
        page.number(),
        page.size(),
        found.size());
  }

  @GET
  @Path("/{checkpoint: .+}")
  @Operation(
      operationId = "getCheckpoint",
      summary = "Read a checkpoint",
      description = "One checkpoint, by model@revision.")
  @APIResponse(
      responseCode = "200",
      description = "The checkpoint.",
      content = @Content(schema = @Schema(implementation = Checkpoint.class)))
  @APIResponse(
      responseCode = "404",
      description = "No such checkpoint.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public Checkpoint get(
      @Parameter(description = "model@revision.", example = "nano-74k@step512")
          @PathParam("checkpoint")
          String checkpoint) {
    return Checkpoint.of(known(checkpoint));
  }

  private CheckpointPublished known(String checkpoint) {
    return checkpoints
        .get(checkpoint)
        .orElseThrow(
            () ->
                ProblemException.notFound(
                    "checkpoint",
                    checkpoint,
                    NearMisses.of(checkpoint, checkpoints.rows().stream().map(Row::key).toList())));
  }
}
