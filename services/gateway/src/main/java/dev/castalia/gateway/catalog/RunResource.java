package dev.castalia.gateway.catalog;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The training runs, published or only reported on. */
@Path("/api/v1/runs")
@Tag(name = "Catalog")
@RunOnVirtualThread
public class RunResource {

  private final Runs runs;

  RunResource(Runs runs) {
    this.runs = runs;
  }

  @Schema(name = "Runs", description = "All runs, by size and name.")
  public record RunList(List<Run> runs) {}

  @GET
  @Operation(
      operationId = "listRuns",
      summary = "List runs",
      description = "Every training run of which a checkpoint or a score is known, by size.")
  public RunList list() {
    return new RunList(runs.list());
  }
}
