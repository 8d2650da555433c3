package dev.castalia.cli.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A checkpoint, as the gateway takes and gives it; fields as in the event CheckpointPublished.
 *
 * @param nonEmbeddingParameters null when unknown; so are seed, parent, learningRate, suite
 * @param tokenizer absolute path of tokenizer.json
 * @param location absolute path of the folder with config.json and the weights
 * @param contentHash fingerprint of the weights; null where it was not computed
 */
public record CheckpointEntry(
    String model,
    String revision,
    long step,
    long tokensSeen,
    long parameters,
    Long nonEmbeddingParameters,
    String variant,
    Long seed,
    String language,
    String parent,
    Double learningRate,
    String suite,
    String tokenizer,
    String location,
    @JsonInclude(JsonInclude.Include.NON_NULL) String contentHash) {

  /** A checkpoint whose weights' fingerprint was not computed. */
  public CheckpointEntry(
      String model,
      String revision,
      long step,
      long tokensSeen,
      long parameters,
      Long nonEmbeddingParameters,
      String variant,
      Long seed,
      String language,
      String parent,
      Double learningRate,
      String suite,
      String tokenizer,
      String location) {
    this(
        model,
        revision,
        step,
        tokensSeen,
        parameters,
        nonEmbeddingParameters,
        variant,
        seed,
        language,
        parent,
        learningRate,
        suite,
        tokenizer,
        location,
        null);
  }

  /** The same, of weights with this fingerprint. */
  public CheckpointEntry withContentHash(String fingerprint) {
    return new CheckpointEntry(
        model,
        revision,
        step,
        tokensSeen,
        parameters,
        nonEmbeddingParameters,
        variant,
        seed,
        language,
        parent,
        learningRate,
        suite,
        tokenizer,
        location,
        fingerprint);
  }

  /**
   * The same weights under another model's name, and not told that they are the same: other units
   * of work, with the same scores.
   */
  public CheckpointEntry ofModel(String name) {
    return new CheckpointEntry(
        name,
        revision,
        step,
        tokensSeen,
        parameters,
        nonEmbeddingParameters,
        variant,
        seed,
        language,
        parent,
        learningRate,
        suite,
        tokenizer,
        location);
  }
}
