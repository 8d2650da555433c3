package dev.castalia.cli.gateway;

import java.util.List;

/**
 * A board, without its entries.
 *
 * @param source who measured; null for Castalia itself
 * @param metrics what can rank, the task's main metric first
 * @param total checkpoints scored
 */
public record BoardSummary(
    String task,
    String version,
    int shots,
    String dtype,
    String source,
    List<MetricEntry> metrics,
    int total) {}
