package dev.castalia.scoring.checkpoint;

import dev.castalia.scoring.CheckpointException;
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

  /**
   * Opens a folder with {@code config.json} and weights: {@code model.safetensors} or {@code
   * pytorch_model.bin}, or either in shards with an index.
   *
   * @throws CheckpointException if something is missing, damaged, contradictory or not supported
   */
  public static Checkpoint open(Path path) {
    CheckpointFolder folder = CheckpointFolder.of(path);
    NeoxConfig config = NeoxConfig.read(folder.file("config.json"));
    Weights stored = WeightFiles.read(folder);
    Map<String, List<Long>> shapes = NeoxTensors.shapes(config);
    shapes.forEach((name, shape) -> check(stored.get(name), shape));
    if (config.tiedEmbeddings() && stored.has(NeoxTensors.UNEMBEDDING)) {
      requireTied(stored);
    }
    return new Checkpoint(path, config, stored.only(shapes.keySet()));
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

  /** Since version 5, transformers does not tie two tensors that differ. */
  private static void requireTied(Weights stored) {
    StoredTensor own = stored.get(NeoxTensors.UNEMBEDDING);
    if (!Fingerprint.same(own, stored.get(NeoxTensors.EMBEDDING))) {
      throw new CheckpointException(
          "%s: tensor %s is another than %s, but config.json says that they are one: set tie_word_embeddings to false there"
              .formatted(own.file(), own.name(), NeoxTensors.EMBEDDING));
    }
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
