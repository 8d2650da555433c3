package dev.castalia.scoring.task;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a task asks a model to do with a document. */
public enum OutputType {
  MULTIPLE_CHOICE,
  LOGLIKELIHOOD,
  LOGLIKELIHOOD_ROLLING,

  /** Not of the harness: prompt with a training text's first tokens, continue greedily. */
  MEMORIZATION;

  /** The name in task files. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<OutputType> of(String label) {
    return Arrays.stream(values()).filter(type -> type.label().equals(label)).findFirst();
  }
}
