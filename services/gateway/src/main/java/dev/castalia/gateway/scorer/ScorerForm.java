package dev.castalia.gateway.scorer;

import dev.castalia.gateway.view.ScorerActivity;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A scorer, as the gateway gives it. */
@Schema(name = "Scorer", description = "What a scorer did last, by the scores it published.")
public record ScorerForm(
    @Schema(description = "Id of the scorer.", examples = "scorer-1") String scorer,
    @Schema(description = "What it runs on: cpu or cuda.", examples = "cpu") String device,
    @Schema(description = "The checkpoint it scored last.", examples = "nano-74k@step512")
        String checkpoint,
    @Schema(description = "On which task.", examples = "nano_agreement") String task,
    @Schema(description = "Units seen of it by this gateway.", examples = "42") long units,
    @Schema(description = "Tokens a second of late.", examples = "52000") double tokensPerSecond,
    @Schema(description = "When it last published a score.") Instant lastAt,
    @Schema(description = "Until when it counts as at work, unless it publishes another score.")
        Instant atWorkUntil) {

  public static ScorerForm of(ScorerActivity activity) {
    return new ScorerForm(
        activity.scorer(),
        activity.device(),
        activity.checkpoint(),
        activity.task(),
        activity.units(),
        activity.tokensPerSecond(),
        activity.lastAt(),
        activity.atWorkUntil());
  }
}
