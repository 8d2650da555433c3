package dev.castalia.gateway.catalog;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What publishing did. */
@Schema(name = "Published", description = "What publishing did, in numbers.")
public record Published(
    @Schema(description = "Were not known before.", examples = "176") int created,
    @Schema(description = "Were known, and have changed.", examples = "0") int updated,
    @Schema(description = "Were known as they are; nothing was written.", examples = "0")
        int unchanged) {}
