/** A model and a task together: slices of documents scored. */
package dev.castalia.scoring.score;
