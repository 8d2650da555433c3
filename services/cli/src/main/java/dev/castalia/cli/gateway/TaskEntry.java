package dev.castalia.cli.gateway;

import java.util.List;

/**
 * A version of a task, as the gateway takes and gives it; fields as in the event TaskRegistered.
 *
 * @param location absolute path of the definition
 */
public record TaskEntry(
    String task,
    String version,
    String language,
    int documents,
    int sliceDocuments,
    double meanTokens,
    String outputType,
    int shots,
    List<MetricEntry> metrics,
    List<String> tags,
    String location) {}
