package dev.castalia.cli.gateway;

/**
 * A checkpoint, as the gateway takes and gives it; fields as in the event CheckpointPublished.
 *
 * @param nonEmbeddingParameters null when unknown; so are seed, parent, learningRate, suite
 * @param tokenizer absolute path of tokenizer.json
 * @param location absolute path of the folder with config.json and the weights
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
    String location) {}
