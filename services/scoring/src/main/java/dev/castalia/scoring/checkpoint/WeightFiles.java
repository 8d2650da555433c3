package dev.castalia.scoring.checkpoint;

import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.checkpoint.torch.TorchFile;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * The ways a checkpoint's weights lie in its folder, in the order in which they are looked for;
 * transformers looks in the same order.
 */
enum WeightFiles {
  SAFETENSORS("model.safetensors", Safetensors::read),
  SAFETENSORS_SHARDS("model.safetensors.index.json", Safetensors::read),
  TORCH("pytorch_model.bin", TorchFile::read),
  TORCH_SHARDS("pytorch_model.bin.index.json", TorchFile::read);

  private final String name;
  private final Function<Path, Weights> reader;

  WeightFiles(String name, Function<Path, Weights> reader) {
    this.name = name;
    this.reader = reader;
  }

  /**
   * All tensors of a checkpoint.
   *
   * @throws CheckpointException if there are no weights, or they are not whole and consistent
   */
  static Weights read(CheckpointFolder folder) {
    for (WeightFiles files : values()) {
      if (folder.has(files.name)) {
        return files.readFrom(folder);
      }
    }
    throw new CheckpointException(
        "%s: no weights; wanted %s or %s, or the index of their shards (%s, %s)"
            .formatted(
                folder, SAFETENSORS.name, TORCH.name, SAFETENSORS_SHARDS.name, TORCH_SHARDS.name));
  }

  private Weights readFrom(CheckpointFolder folder) {
    return switch (this) {
      case SAFETENSORS, TORCH -> reader.apply(folder.file(name));
      case SAFETENSORS_SHARDS, TORCH_SHARDS -> ShardIndex.read(folder, name).weights(reader);
    };
  }
}
