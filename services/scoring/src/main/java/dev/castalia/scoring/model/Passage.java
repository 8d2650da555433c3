package dev.castalia.scoring.model;

/**
 * A row of tokens for the model to read, and the tokens whose probabilities are wanted: targets[j]
 * is what should follow the first input.length − targets.length + j + 1 tokens of the input. The
 * arrays are not copied; they must not change.
 *
 * @param input token ids, 1 to the context's length
 * @param targets token ids, 1 to input.length
 */
public record Passage(int[] input, int[] targets) {

  public Passage {
    if (targets.length == 0 || targets.length > input.length) {
      throw new IllegalArgumentException(
          "a passage of "
              + input.length
              + " tokens cannot have "
              + targets.length
              + " targets: one to as many as it has tokens");
    }
  }
}
