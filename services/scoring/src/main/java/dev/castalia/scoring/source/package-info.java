/** Where checkpoints come from: a folder, the Hugging Face cache on disk, or the hub over HTTP. */
package dev.castalia.scoring.source;
