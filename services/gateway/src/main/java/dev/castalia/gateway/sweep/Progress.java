package dev.castalia.gateway.sweep;

import dev.castalia.events.SweepProgress;
import dev.castalia.gateway.view.Sweep;
import dev.castalia.gateway.view.Views;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How far a sweep is. */
@Schema(name = "Progress", description = "How far a sweep is, in units.")
public record Progress(
    @Schema(description = "Id of the sweep.", examples = "nano-nightly") String sweep,
    @Schema(
            description = "Where it stands.",
            implementation = String.class,
            enumeration = {"planning", "running", "done", "cancelled", "standing"})
        SweepState state,
    @Schema(description = "Checkpoints planned.", examples = "176") int checkpoints,
    @Schema(
            description = "Checkpoints that matched when it was accepted; null when unknown.",
            examples = "176",
            nullable = true)
        Integer ofCheckpoints,
    @Schema(description = "Units planned.", examples = "4224") int planned,
    @Schema(description = "Of those, scored, by this sweep or before it.", examples = "2112")
        int done,
    @Schema(description = "Of those, failed for good.", examples = "0") int failed,
    @Schema(description = "The same by model, in the order of names.") List<ModelProgress> models,
    @Schema(description = "When it last changed; null while nothing is planned.", nullable = true)
        Instant updatedAt) {

  @Schema(name = "ModelProgress")
  public record ModelProgress(String model, int planned, int done, int failed) {}

  /** The progress of a sweep by what is known now; zeros where nothing is. */
  public static Progress of(String sweep, Views views) {
    Optional<Sweep> known = views.sweeps().get(sweep);
    Optional<SweepProgress> progress = views.progress().get(sweep);
    SweepState state = SweepState.of(known, progress);
    Integer expected =
        known.orElse(null) instanceof Sweep.Requested(var event, var digest)
            ? event.getCheckpoints()
            : null;
    return progress
        .map(
            now ->
                new Progress(
                    sweep,
                    state,
                    now.getCheckpoints(),
                    expected,
                    now.getPlanned(),
                    now.getDone(),
                    now.getFailed(),
                    now.getModels().stream()
                        .map(
                            model ->
                                new ModelProgress(
                                    model.getModel(),
                                    model.getPlanned(),
                                    model.getDone(),
                                    model.getFailed()))
                        .toList(),
                    now.getUpdatedAt()))
        .orElseGet(() -> new Progress(sweep, state, 0, expected, 0, 0, 0, List.of(), null));
  }
}
