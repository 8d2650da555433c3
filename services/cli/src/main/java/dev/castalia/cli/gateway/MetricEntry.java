package dev.castalia.cli.gateway;

/**
 * A metric of a task.
 *
 * @param aggregation a symbol of {@code dev.castalia.events.Aggregation}
 * @param direction HIGHER, LOWER or NEAREST
 * @param target what NEAREST measures from; else null
 * @param chance what guessing gives; null where it gives nothing
 */
public record MetricEntry(
    String metric, String aggregation, String direction, Double target, Double chance) {}
