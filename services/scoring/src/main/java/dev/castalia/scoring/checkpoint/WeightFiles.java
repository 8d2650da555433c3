package dev.castalia.scoring.checkpoint;

import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.checkpoint.CheckpointFiles.Shard;
import dev.castalia.scoring.checkpoint.torch.TorchFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The ways a checkpoint's weights lie in its folder, in the order in which they are looked for;
 * transformers looks in the same order.
 */
enum WeightFiles {
  SAFETENSORS("model.safetensors", Shard.NONE, Safetensors::read),
  SAFETENSORS_SHARDS(
      "model.safetensors.index.json", new Shard("model", "safetensors"), Safetensors::read),
  TORCH("pytorch_model.bin", Shard.NONE, TorchFile::read),
  TORCH_SHARDS("pytorch_model.bin.index.json", new Shard("pytorch_model", "bin"), TorchFile::read);

  private final String name;
  private final Shard shard;
  private final Function<Path, Weights> reader;

  WeightFiles(String name, Shard shard, Function<Path, Weights> reader) {
    this.name = name;
    this.shard = shard;
    this.reader = reader;
  }

  /** The file itself, or the index. */
  String fileName() {
    return name;
  }

  /** What the files beside the index are called, as transformers names them. */
  Shard shard() {
    return shard;
  }

  static String names() {
    return Arrays.stream(values()).map(WeightFiles::fileName).collect(Collectors.joining(", "));
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
    throw new CheckpointException(folder + ": no weights; wanted one of " + names());
  }

  private Weights readFrom(CheckpointFolder folder) {
    return switch (this) {
      case SAFETENSORS, TORCH -> reader.apply(folder.file(name));
      case SAFETENSORS_SHARDS, TORCH_SHARDS -> ShardIndex.read(folder, name).weights(reader);
    };
  }
}
