package dev.castalia.cli.gateway;

import java.util.List;

/**
 * A board, without its entries.
 *
 * @param metrics what can rank, the task's main metric first
 * @param total checkpoints scored
 */
public record BoardSummary(
    String task, String version, int shots, String dtype, List<MetricEntry> metrics, int total) {}
