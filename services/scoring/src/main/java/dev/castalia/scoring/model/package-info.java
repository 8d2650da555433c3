/** Running a checkpoint: token rows in, log-probabilities and greedy tokens out. */
package dev.castalia.scoring.model;
