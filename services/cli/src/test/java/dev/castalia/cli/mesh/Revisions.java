package dev.castalia.cli.mesh;

import dev.castalia.cli.cluster.Installation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** A run of many revisions in a folder: one trained checkpoint, perturbed. */
final class Revisions {

  private final Path folder;
  private final Path config;
  private final byte[] weights;

  Revisions(Path folder, String model, String revision) throws IOException {
    Path suite = Installation.find().suite("nano");
    Path source = suite.resolve("checkpoints").resolve(model).resolve(revision);
    this.folder = Files.createDirectories(folder);
    this.config = source.resolve("config.json");
    this.weights = Files.readAllBytes(source.resolve("model.safetensors"));
    Files.copy(suite.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
  }

  /** Writes a revision; equal variants have equal weights. */
  void write(int step, int variant) throws IOException {
    Path revision = Files.createDirectories(folder.resolve("step" + step));
    Files.copy(config, revision.resolve("config.json"));
    Files.write(revision.resolve("model.safetensors"), perturbed(variant));
  }

  /** The lowest bit of one float16 is another. */
  private byte[] perturbed(int variant) {
    byte[] bytes = weights.clone();
    int data = 8 + (int) ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN).getLong();
    bytes[data + 2 * variant] ^= 1;
    return bytes;
  }
}
