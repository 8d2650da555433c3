package dev.castalia.gateway.trajectory;

import dev.castalia.events.Trajectory;
import dev.castalia.events.TrajectoryPoint;
import dev.castalia.gateway.view.Views;
import dev.castalia.schemas.Keys;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Trajectories as small as a line of text needs them. */
@Path("/api/v1/sparklines")
@Tag(name = "Results")
@RunOnVirtualThread
public class SparklineResource {

  private static final int MOST_POINTS = 40;
  private static final int MOST_RUNS = 200;

  private final Views views;

  SparklineResource(Views views) {
    this.views = views;
  }

  @Schema(name = "Sparklines", description = "Steps and values by run; runs without any left out.")
  public record Sparklines(Map<String, List<double[]>> runs) {}

  @GET
  @Operation(
      operationId = "listSparklines",
      summary = "List sparklines",
      description =
          "The finite points of some runs' trajectories, each [step, value], by step, at most 40 a"
              + " run: where there are more, evenly spread ones and the last.")
  public Sparklines list(
      @Parameter(description = "The runs, comma-separated, at most 200.", example = "nano-74k")
          @QueryParam("models")
          @DefaultValue("")
          String models,
      @Parameter(description = "Name of the task.", example = "nano_agreement") @QueryParam("task")
          String task,
      @Parameter(description = "The metric.", example = "acc") @QueryParam("metric") String metric,
      @Parameter(description = "The rest of the trajectory's key.", example = "0|float32")
          @QueryParam("measured")
          @DefaultValue("0|float32")
          String measured) {
    Map<String, List<double[]>> runs = new TreeMap<>();
    Arrays.stream(models.split(","))
        .limit(MOST_RUNS)
        .forEach(
            model ->
                trajectory(model, task, metric, measured)
                    .ifPresent(found -> runs.put(model, thinned(found.getPoints()))));
    return new Sparklines(runs);
  }

  private Optional<Trajectory> trajectory(
      String model, String task, String metric, String measured) {
    return views.trajectories().get(String.join(Keys.SEPARATOR, model, task, metric, measured));
  }

  private static List<double[]> thinned(List<TrajectoryPoint> points) {
    List<TrajectoryPoint> finite =
        points.stream().filter(point -> Double.isFinite(point.getValue())).toList();
    int kept = Math.min(MOST_POINTS, finite.size());
    return IntStream.range(0, kept)
        .map(i -> kept == 1 ? 0 : (int) ((long) i * (finite.size() - 1) / (kept - 1)))
        .mapToObj(finite::get)
        .map(point -> new double[] {point.getStep(), point.getValue()})
        .toList();
  }
}
