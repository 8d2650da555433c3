package dev.castalia.scoring.model;

import java.util.List;

/**
 * What a run found.
 *
 * @param all a reading for each passage, in the passages' order
 * @param tokens that went through the model, padding and repetitions not counted
 * @param places for tokens in the batches, padding included
 */
public record Readings(List<Reading> all, long tokens, long places) {}
