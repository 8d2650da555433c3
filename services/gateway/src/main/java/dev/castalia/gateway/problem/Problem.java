package dev.castalia.gateway.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What went wrong, in the form of RFC 9457. */
@Schema(description = "What went wrong (RFC 9457).")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
    @Schema(
            description = "Kind of problem, for programs.",
            examples = "urn:castalia:problem:unknown-task")
        URI type,
    @Schema(description = "Kind of problem, for people.", examples = "Unknown task") String title,
    @Schema(description = "HTTP status.", examples = "422") int status,
    @Schema(
            description = "What was wrong, with what value, and what to do.",
            examples =
                "No task, tag or pattern \"nano_agrement\" is registered. Did you mean"
                    + " nano_agreement?")
        String detail,
    @Schema(description = "Path that was requested.", examples = "/api/v1/sweeps") String instance,
    @Schema(description = "Names close to the one that is unknown.") List<String> suggestions) {

  public static final String MEDIA_TYPE = "application/problem+json";
}
