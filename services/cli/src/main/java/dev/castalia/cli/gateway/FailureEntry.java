package dev.castalia.cli.gateway;

/**
 * A unit that could not be scored; or, where everything from checkpoint to end is null, a record
 * that could not be read.
 *
 * @param failure key of the failure
 * @param checkpoint model@revision
 * @param start index of the first document
 * @param end index after the last document
 * @param kind PERMANENT or another symbol of {@code dev.castalia.events.FailureKind}
 */
public record FailureEntry(
    String failure,
    String checkpoint,
    String task,
    String version,
    Integer shots,
    String dtype,
    Integer start,
    Integer end,
    String kind,
    String reason,
    String remedy,
    int attempts,
    String scorer,
    String failedAt) {}
