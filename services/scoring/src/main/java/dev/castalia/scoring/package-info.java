/**
 * The scoring library: a checkpoint and a task in, per-document metric values out. It knows nothing
 * of Kafka and nothing of any framework.
 *
 * <p>The way through it: {@link dev.castalia.scoring.checkpoint.Checkpoint#open}, {@link
 * dev.castalia.scoring.model.Model#open}, {@link dev.castalia.scoring.tokens.Tokenizer#load},
 * {@link dev.castalia.scoring.task.TaskFolder#open}, {@link
 * dev.castalia.scoring.task.TaskDefinition#load}, {@link
 * dev.castalia.scoring.score.EncodedTask#of}, {@link dev.castalia.scoring.score.TaskScorer#score},
 * {@link dev.castalia.scoring.results.Results#write}. What is wrong with what a user gave is told
 * by a {@link dev.castalia.scoring.ScoringException}.
 */
package dev.castalia.scoring;
