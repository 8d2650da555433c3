package dev.castalia.cli.suite;

import picocli.CommandLine.Option;

/**
 * What the files of a checkpoint do not tell, as flags. Null is not given; the gateway has the
 * usual values.
 */
public final class RunFacts {

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "Name of the training run; the name of the folder with the steps unless given.")
  String model;

  @Option(
      names = "--revision",
      paramLabel = "NAME",
      description = "Which of the run's checkpoints; the folder's name unless given.")
  String revision;

  @Option(
      names = "--step",
      paramLabel = "N",
      description = "Optimizer steps taken; the N of a folder named stepN unless given.")
  Long step;

  @Option(
      names = "--tokens-per-step",
      paramLabel = "N",
      description = "Training tokens a step: batch size times length; 2097152 for Pythia.")
  Long tokensPerStep;

  @Option(
      names = "--variant",
      paramLabel = "NAME",
      description = "What the training data were, such as deduped; standard unless given.")
  String variant;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of initialisation and data order.")
  Long seed;

  @Option(
      names = "--language",
      paramLabel = "TAG",
      description = "BCP 47 tag of the training data; en unless given.")
  String language;

  @Option(
      names = "--parent",
      paramLabel = "MODEL@REVISION",
      description = "The checkpoint that training went on from.")
  String parent;

  @Option(names = "--learning-rate", paramLabel = "X", description = "Peak learning rate.")
  Double learningRate;

  boolean isOneCheckpoint() {
    return revision != null || step != null;
  }

  /** Whether anything is given. */
  public boolean any() {
    return model != null
        || isOneCheckpoint()
        || tokensPerStep != null
        || variant != null
        || seed != null
        || language != null
        || parent != null
        || learningRate != null;
  }
}
