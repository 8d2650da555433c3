package dev.castalia.cli.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/**
 * A sweep whose plan is asked for.
 *
 * @param checkpoints that are not published, and count as if they were
 */
public record PlanOrder(
    @JsonUnwrapped SweepOrder order,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<CheckpointEntry> checkpoints) {}
