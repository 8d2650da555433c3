package dev.castalia.scoring.catalog;

import java.util.List;

/**
 * A training run, as its suite's file tells of it.
 *
 * @param model its name, for example pythia-70m-deduped
 * @param repository where the hub has its checkpoints, as revisions named step and their number
 * @param size as people say it, for example 70m
 * @param seed null when unknown
 * @param learningRate peak; null when unknown
 * @param steps ascending
 */
public record CatalogRun(
    String model,
    String repository,
    String size,
    Shape shape,
    String variant,
    Long seed,
    Double learningRate,
    List<Long> steps) {

  /**
   * The shape of a GPT-NeoX model, with biases and with input and output embeddings of their own.
   *
   * @param hidden width of the residual stream
   * @param intermediate width inside the MLP
   */
  public record Shape(int layers, int hidden, int heads, int intermediate, int vocabulary) {

    /** All parameters. */
    public long parameters() {
      return nonEmbeddingParameters() + 2L * vocabulary * hidden;
    }

    /** Parameters without the two embedding matrices. */
    public long nonEmbeddingParameters() {
      long width = hidden;
      long attention = 4 * width * width + 4 * width;
      long mlp = 2 * width * intermediate + intermediate + width;
      long norms = 4 * width;
      return layers * (attention + mlp + norms) + 2 * width;
    }
  }

  public CatalogRun {
    steps = List.copyOf(steps);
  }

  public String revision(long step) {
    return "step" + step;
  }
}
