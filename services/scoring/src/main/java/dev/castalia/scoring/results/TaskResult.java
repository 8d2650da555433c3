package dev.castalia.scoring.results;

import dev.castalia.scoring.score.EncodedTask;
import dev.castalia.scoring.score.SliceScores;

/** A task and what a model scored on it. */
public record TaskResult(EncodedTask task, SliceScores scores) {}
