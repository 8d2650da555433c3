package dev.castalia.gateway.board;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.gateway.api.Parameters;
import dev.castalia.schemas.Glob;
import jakarta.ws.rs.QueryParam;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** Which checkpoints a board is to show. */
public class BoardFilter {

  @Parameter(description = "Only models that match, with * and ?.", example = "nano-74k*")
  @QueryParam("model")
  String model;

  @Parameter(description = "Only models of at least so many parameters.", example = "70000")
  @QueryParam("minParameters")
  String minParameters;

  @Parameter(description = "Only models of at most so many parameters.", example = "200000")
  @QueryParam("maxParameters")
  String maxParameters;

  @Parameter(description = "Only this variant.", example = "deduped")
  @QueryParam("variant")
  String variant;

  @Parameter(description = "Only this seed.", example = "1234")
  @QueryParam("seed")
  String seed;

  @Parameter(
      description = "Only these steps: all, log, every:N, A..B or a number, comma-separated.",
      example = "log")
  @QueryParam("steps")
  String steps;

  /** Whether nothing is filtered out. */
  boolean isEmpty() {
    return Stream.of(model, minParameters, maxParameters, variant, seed, steps)
        .allMatch(Objects::isNull);
  }

  /** What has a place on a board. */
  interface Filtered {

    String model();

    long step();

    CheckpointPublished checkpoint();
  }

  /** For one thread. */
  Predicate<Filtered> predicate() {
    Predicate<String> pattern = Glob.anyOf(model);
    // Thousands of runs have hundreds of thousands of checkpoints.
    Map<String, Boolean> models = new HashMap<>();
    LongPredicate wantedSteps = Parameters.steps(steps);
    Long least = Parameters.numberOrNull("minParameters", minParameters, 0, Long.MAX_VALUE);
    Long most = Parameters.numberOrNull("maxParameters", maxParameters, 0, Long.MAX_VALUE);
    Long wantedSeed = Parameters.numberOrNull("seed", seed, Long.MIN_VALUE, Long.MAX_VALUE);
    return place ->
        wantedSteps.test(place.step())
            && (model == null || models.computeIfAbsent(place.model(), pattern::test))
            && (least == null || place.checkpoint().getParameters() >= least)
            && (most == null || place.checkpoint().getParameters() <= most)
            && (variant == null || variant.equals(place.checkpoint().getVariant()))
            && (wantedSeed == null || wantedSeed.equals(place.checkpoint().getSeed()));
  }
}
