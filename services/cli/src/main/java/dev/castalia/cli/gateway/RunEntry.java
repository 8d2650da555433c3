package dev.castalia.cli.gateway;

/**
 * A training run, as the gateway gives it.
 *
 * @param variant what its training data were
 * @param language BCP 47 tag of its training data
 * @param seed null when unknown
 * @param parent model@revision that it continues; null where it begins anew
 * @param learningRate the peak; null when unknown
 */
public record RunEntry(
    String model,
    long parameters,
    String variant,
    String language,
    Long seed,
    String parent,
    Double learningRate) {}
