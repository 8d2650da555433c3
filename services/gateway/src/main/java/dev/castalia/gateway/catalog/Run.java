package dev.castalia.gateway.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.castalia.events.CheckpointPublished;
import java.util.Collection;
import java.util.Comparator;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A training run, by what its checkpoints say. */
@Schema(name = "Run", description = "A training run, by what its checkpoints say.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Run(
    @Schema(description = "Name of the run.", examples = "nano-74k") String model,
    @Schema(description = "Parameters in all.", examples = "74368") long parameters,
    @Schema(description = "What the training data were.", examples = "standard") String variant,
    @Schema(description = "Seed of the run, if known.") Long seed,
    @Schema(description = "BCP 47 tag of the training data.", examples = "en") String language,
    @Schema(description = "model@revision from which training continued.") String parent,
    @Schema(description = "Peak learning rate, if known.") Double learningRate,
    @Schema(description = "The suite the run belongs to.", examples = "nano") String suite,
    @Schema(description = "Its checkpoints.", examples = "14") int checkpoints,
    @Schema(description = "Step of the last one.", examples = "2000") long lastStep) {

  /**
   * @param checkpoints of one run, at least one
   */
  static Run of(Collection<CheckpointPublished> checkpoints) {
    CheckpointPublished last =
        checkpoints.stream()
            .max(Comparator.comparing(CheckpointPublished::getStep))
            .orElseThrow(() -> new IllegalArgumentException("a run without checkpoints"));
    return new Run(
        last.getModel(),
        last.getParameters(),
        last.getVariant(),
        last.getSeed(),
        last.getLanguage(),
        last.getParent(),
        last.getLearningRate(),
        last.getSuite(),
        checkpoints.size(),
        last.getStep());
  }
}
