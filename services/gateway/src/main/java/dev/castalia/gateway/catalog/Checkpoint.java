package dev.castalia.gateway.catalog;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.gateway.api.Fields;
import dev.castalia.schemas.Keys;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A checkpoint, as it is published and as it is given. */
@Schema(
    name = "Checkpoint",
    description = "A checkpoint, which can be loaded unless it is retired.")
public record Checkpoint(
    @Schema(description = "The training run.", examples = "nano-74k") String model,
    @Schema(description = "Which of its checkpoints.", examples = "step512") String revision,
    @Schema(description = "Optimizer steps taken.", examples = "512") Long step,
    @Schema(description = "Training tokens seen.", examples = "2097152") Long tokensSeen,
    @Schema(description = "Parameters in all.", examples = "74368") Long parameters,
    @Schema(description = "Parameters without the embedding matrices, if known.", nullable = true)
        Long nonEmbeddingParameters,
    @Schema(
            description = "What the training data were.",
            examples = "standard",
            defaultValue = "standard")
        String variant,
    @Schema(description = "Seed of the run, if known.", examples = "1234", nullable = true)
        Long seed,
    @Schema(description = "BCP 47 tag of the training data.", examples = "en", defaultValue = "en")
        String language,
    @Schema(description = "model@revision from which training continued.", nullable = true)
        String parent,
    @Schema(description = "Peak learning rate, if known.", nullable = true) Double learningRate,
    @Schema(description = "The suite the run belongs to.", examples = "nano", nullable = true)
        String suite,
    @Schema(description = "Where a scorer finds tokenizer.json.") String tokenizer,
    @Schema(description = "Where a scorer finds config.json and the weights.") String location,
    @Schema(description = "Fingerprint that the weights must have, if known.", nullable = true)
        String contentHash,
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
        @Schema(readOnly = true, description = "When it was first published.")
        Instant publishedAt,
    @Schema(
            description =
                "Whether it can no longer be loaded: its scores stay, and no more are asked for"
                    + " until it is published again without this.",
            defaultValue = "false")
        Boolean retired) {

  public static Checkpoint of(CheckpointPublished event) {
    return new Checkpoint(
        event.getModel(),
        event.getRevision(),
        event.getStep(),
        event.getTokensSeen(),
        event.getParameters(),
        event.getNonEmbeddingParameters(),
        event.getVariant(),
        event.getSeed(),
        event.getLanguage(),
        event.getParent(),
        event.getLearningRate(),
        event.getSuite(),
        event.getTokenizer(),
        event.getLocation(),
        event.getContentHash(),
        event.getPublishedAt(),
        event.getRetired());
  }

  /** The event of its publication. */
  public CheckpointPublished toEvent(Instant now) {
    Fields fields = new Fields("checkpoint " + model + "@" + revision);
    return facts(fields, now)
        .setTokenizer(fields.text("tokenizer", tokenizer))
        .setLocation(fields.text("location", location))
        .setRetired(retired != null && retired)
        .build();
  }

  /** The event's facts of a checkpoint that somebody else evaluated and nobody need load. */
  public CheckpointPublished toReportedEvent(Instant now) {
    Fields fields = new Fields("checkpoint " + model + "@" + revision);
    return facts(fields, now).setTokenizer("").setLocation("").build();
  }

  private CheckpointPublished.Builder facts(Fields fields, Instant now) {
    return CheckpointPublished.newBuilder()
        .setModel(fields.name("model", model))
        .setRevision(fields.name("revision", revision))
        .setStep(fields.atLeast("step", step, 0))
        .setTokensSeen(fields.atLeast("tokensSeen", tokensSeen, 0))
        .setParameters(fields.atLeast("parameters", parameters, 1))
        .setNonEmbeddingParameters(
            nonEmbeddingParameters == null
                ? null
                : fields.atLeast("nonEmbeddingParameters", nonEmbeddingParameters, 0))
        .setVariant(variant == null ? "standard" : fields.name("variant", variant))
        .setSeed(seed)
        .setLanguage(language == null ? "en" : fields.text("language", language))
        .setParent(parent(fields))
        .setLearningRate(
            learningRate == null ? null : fields.positive("learningRate", learningRate))
        .setSuite(suite == null ? null : fields.name("suite", suite))
        .setContentHash(contentHash == null ? null : fields.text("contentHash", contentHash))
        .setPublishedAt(now);
  }

  private String parent(Fields fields) {
    if (parent != null) {
      try {
        Keys.model(parent);
      } catch (IllegalArgumentException e) {
        throw fields.invalid("parent", e.getMessage());
      }
    }
    return parent;
  }
}
