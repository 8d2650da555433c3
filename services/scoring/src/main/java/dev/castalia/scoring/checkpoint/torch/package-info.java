/**
 * PyTorch's own files: a zip archive with a pickle that names tensors, and their bytes beside it.
 */
package dev.castalia.scoring.checkpoint.torch;
