package dev.castalia.scoring.metric;

/** What a model did with one document: all that the metrics need. */
public sealed interface Outcome {

  /**
   * @param logLikelihoods of the choices, in nats
   * @param codePoints length of each choice's text in Unicode code points
   * @param bytes length of each choice's text in UTF-8
   * @param gold the right choices; empty where the document names none of them
   */
  record Choice(double[] logLikelihoods, int[] codePoints, int[] bytes, int[] gold)
      implements Outcome {}

  /**
   * @param logLikelihood of the continuation, in nats
   * @param greedy whether greedy decoding gives the continuation
   */
  record Continuation(double logLikelihood, boolean greedy) implements Outcome {}

  /**
   * @param logLikelihood of the whole text, in nats
   * @param words parts between runs of white space
   * @param bytes in UTF-8
   */
  record Text(double logLikelihood, int words, int bytes) implements Outcome {}

  /**
   * @param recalled tokens of the greedy continuation that equal the text's, position by position
   * @param tokens of the continuation, at least 1
   */
  record Recall(int recalled, int tokens) implements Outcome {}
}
