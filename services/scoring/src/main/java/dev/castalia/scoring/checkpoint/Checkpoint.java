package dev.castalia.scoring.checkpoint;

import dev.castalia.scoring.CheckpointException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One checkpoint in Hugging Face form, opened: its configuration is understood and its tensors are
 * known to be whole and of the right shapes. No weights are held; immutable and thread-safe.
 *
 * @param weights the model's own tensors and no others
 */
public record Checkpoint(Path folder, NeoxConfig config, Weights weights) {

  private static final String SAFETENSORS = "model.safetensors";

  /**
   * Opens a folder with {@code config.json} and {@code model.safetensors}.
   *
   * @throws CheckpointException if something is missing, damaged, contradictory or not supported
   */
  public static Checkpoint open(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new CheckpointException(
          folder + ": not a folder; a checkpoint is a folder with config.json and " + SAFETENSORS);
    }
    NeoxConfig config = NeoxConfig.read(folder.resolve("config.json"));
    Weights stored = Safetensors.read(weightsFile(folder));
    Map<String, List<Long>> shapes = NeoxTensors.shapes(config);
    shapes.forEach((name, shape) -> check(stored.get(name), shape));
    return new Checkpoint(folder, config, stored.only(shapes.keySet()));
  }

  /** Parameters of the model, embeddings included. */
  public long parameters() {
    return weights.elements();
  }

  /** Parameters without the embedding and the output projection. */
  public long nonEmbeddingParameters() {
    long table = (long) config.vocabulary() * config.hidden();
    return parameters() - (config.tiedEmbeddings() ? table : 2 * table);
  }

  private static Path weightsFile(Path folder) {
    Path file = folder.resolve(SAFETENSORS);
    if (!Files.exists(file)) {
      throw new CheckpointException(
          folder
              + ": no "
              + SAFETENSORS
              + "; shards and pytorch_model.bin are not read yet: convert them to one safetensors"
              + " file");
    }
    return file;
  }

  private static void check(StoredTensor tensor, List<Long> shape) {
    if (!tensor.dtype().holdsWeights()) {
      throw new CheckpointException(
          "%s: tensor %s is %s; wanted F32, F16 or BF16: convert the file"
              .formatted(tensor.file(), tensor.name(), tensor.dtype()));
    }
    if (!tensor.shape().equals(shape)) {
      throw new CheckpointException(
          "%s: tensor %s has shape %s, but its config.json says %s; they are of different models"
              .formatted(tensor.file(), tensor.name(), tensor.shape(), shape));
    }
  }
}
