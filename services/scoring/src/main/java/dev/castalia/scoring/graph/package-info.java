/** GPT-NeoX as ONNX graphs whose weights are the bytes of the checkpoint itself. */
package dev.castalia.scoring.graph;
