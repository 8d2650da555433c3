/** What a checkpoint is: its configuration, where its tensors lie, and the name of its content. */
package dev.castalia.scoring.checkpoint;
