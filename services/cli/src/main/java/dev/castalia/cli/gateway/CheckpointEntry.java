package dev.castalia.cli.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.castalia.schemas.Keys;

/**
 * A checkpoint, as the gateway takes and gives it; fields as in the event CheckpointPublished.
 *
 * @param nonEmbeddingParameters null when unknown; so are seed, parent, learningRate, suite
 * @param tokenizer absolute path of tokenizer.json
 * @param location absolute path of the folder with config.json and the weights
 * @param contentHash fingerprint of the weights; null where it was not computed
 * @param retired whether it can no longer be loaded
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
    @JsonInclude(JsonInclude.Include.NON_NULL) String contentHash,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean retired) {

  /** A checkpoint that can be loaded, and whose weights' fingerprint was not computed. */
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
        null,
        false);
  }

  /** model@revision. */
  public String key() {
    return Keys.checkpoint(model, revision);
  }

  /** The same, of weights with this fingerprint. */
  public CheckpointEntry withContentHash(String fingerprint) {
    return with(fingerprint, retired);
  }

  /** The same, when it can no longer be loaded. */
  public CheckpointEntry asRetired() {
    return with(contentHash, true);
  }

  private CheckpointEntry with(String fingerprint, boolean isRetired) {
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
        fingerprint,
        isRetired);
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
