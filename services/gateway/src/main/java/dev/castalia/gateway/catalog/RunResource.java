package dev.castalia.gateway.catalog;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.Scorecard;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.Views;
import dev.castalia.schemas.Keys;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The training runs, published or only reported on. */
@Path("/api/v1/runs")
@Tag(name = "Catalog")
@RunOnVirtualThread
public class RunResource {

  private final Views views;

  RunResource(Views views) {
    this.views = views;
  }

  @Schema(name = "Runs", description = "All runs, by size and name.")
  public record Runs(List<Run> runs) {}

  @GET
  @Operation(
      operationId = "listRuns",
      summary = "List runs",
      description = "Every training run of which a checkpoint or a score is known, by size.")
  public Runs list() {
    Map<String, Map<String, CheckpointPublished>> runs = new TreeMap<>();
    for (Row<Scorecard> row : views.scorecards().rows()) {
      add(runs, row.value().getCheckpoint());
    }
    for (Row<CheckpointPublished> row : views.checkpoints().rows()) {
      add(runs, row.value());
    }
    return new Runs(
        runs.values().stream()
            .map(checkpoints -> Run.of(checkpoints.values()))
            .sorted(Comparator.comparingLong(Run::parameters).thenComparing(Run::model))
            .toList());
  }

  private static void add(
      Map<String, Map<String, CheckpointPublished>> runs, CheckpointPublished checkpoint) {
    runs.computeIfAbsent(checkpoint.getModel(), model -> new HashMap<>())
        .put(Keys.of(checkpoint), checkpoint);
  }
}
