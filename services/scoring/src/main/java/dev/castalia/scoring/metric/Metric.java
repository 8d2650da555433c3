package dev.castalia.scoring.metric;

import dev.castalia.events.Aggregation;
import dev.castalia.scoring.task.OutputType;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The metrics, by lm-evaluation-harness's names, with what it assumes where a task does not say.
 * Each turns a document's outcome into a value, and a weight where its aggregation has weights.
 */
public enum Metric {
  /** 1 if the likeliest choice is right, or if greedy decoding gives the continuation; else 0. */
  ACC(Aggregation.MEAN, Direction.HIGHER, OutputType.MULTIPLE_CHOICE, OutputType.LOGLIKELIHOOD),

  /** As acc, with log-likelihoods divided by the choice's length in code points. */
  ACC_NORM(Aggregation.MEAN, Direction.HIGHER, OutputType.MULTIPLE_CHOICE),

  /** As acc, with log-likelihoods divided by the choice's length in UTF-8. */
  ACC_BYTES(Aggregation.MEAN, Direction.HIGHER, OutputType.MULTIPLE_CHOICE),

  /** |Δ log-likelihood| of the two sentences of a pair. */
  LIKELIHOOD_DIFF(Aggregation.MEAN, Direction.LOWER, OutputType.MULTIPLE_CHOICE),

  /** 1 if the pair's first sentence, the stereotypical one, is likelier; else 0. */
  PCT_STEREOTYPE(Aggregation.MEAN, new Direction.Nearest(0.5), OutputType.MULTIPLE_CHOICE),

  /** exp of the mean negative log-likelihood of the continuations. */
  PERPLEXITY(Aggregation.PERPLEXITY, Direction.LOWER, OutputType.LOGLIKELIHOOD),

  WORD_PERPLEXITY(
      Aggregation.WEIGHTED_PERPLEXITY, Direction.LOWER, OutputType.LOGLIKELIHOOD_ROLLING),

  BYTE_PERPLEXITY(
      Aggregation.WEIGHTED_PERPLEXITY, Direction.LOWER, OutputType.LOGLIKELIHOOD_ROLLING),

  BITS_PER_BYTE(Aggregation.BITS_PER_BYTE, Direction.LOWER, OutputType.LOGLIKELIHOOD_ROLLING),

  /** 1 if every token of the continuation is recalled; else 0. */
  EXTRACTABLE(Aggregation.MEAN, Direction.LOWER, OutputType.MEMORIZATION),

  /** Share of the continuation's tokens that are recalled. */
  MEMORIZATION_SCORE(Aggregation.MEAN, Direction.LOWER, OutputType.MEMORIZATION);

  private final Aggregation aggregation;
  private final Direction direction;
  private final Set<OutputType> outputTypes;

  Metric(Aggregation aggregation, Direction direction, OutputType first, OutputType... more) {
    this.aggregation = aggregation;
    this.direction = direction;
    this.outputTypes = EnumSet.of(first, more);
  }

  /** The name in task files and results: {@code acc_norm}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Metric> of(String label) {
    return Arrays.stream(values()).filter(metric -> metric.label().equals(label)).findFirst();
  }

  public Aggregation aggregation() {
    return aggregation;
  }

  public Direction direction() {
    return direction;
  }

  public boolean isOf(OutputType outputType) {
    return outputTypes.contains(outputType);
  }

  /** Whether documents have weights: words or bytes. */
  public boolean weighted() {
    return aggregation == Aggregation.WEIGHTED_PERPLEXITY
        || aggregation == Aggregation.BITS_PER_BYTE;
  }

  /** A document's value; NaN where the model gave no numbers. */
  public double value(Outcome outcome) {
    return outcome.isNumber() ? ofNumbers(outcome) : Double.NaN;
  }

  private double ofNumbers(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Choice choice -> ofChoice(choice);
      case Outcome.Continuation continuation -> ofContinuation(continuation);
      case Outcome.Text text -> text.logLikelihood();
      case Outcome.Recall recall -> ofRecall(recall);
    };
  }

  /** A document's weight; only where {@link #weighted}. */
  public double weight(Outcome outcome) {
    Outcome.Text text = (Outcome.Text) outcome;
    return this == WORD_PERPLEXITY ? text.words() : text.bytes();
  }

  private double ofChoice(Outcome.Choice choice) {
    double[] likelihoods = choice.logLikelihoods();
    return switch (this) {
      case ACC -> right(choice, likelihoods);
      case ACC_NORM -> right(choice, divided(likelihoods, choice.codePoints()));
      case ACC_BYTES -> right(choice, divided(likelihoods, choice.bytes()));
      case LIKELIHOOD_DIFF -> Math.abs(likelihoods[0] - likelihoods[1]);
      case PCT_STEREOTYPE -> likelihoods[0] > likelihoods[1] ? 1 : 0;
      default -> throw notOf(choice);
    };
  }

  private double ofContinuation(Outcome.Continuation continuation) {
    return switch (this) {
      case ACC -> continuation.greedy() ? 1 : 0;
      case PERPLEXITY -> continuation.logLikelihood();
      default -> throw notOf(continuation);
    };
  }

  private double ofRecall(Outcome.Recall recall) {
    return switch (this) {
      case EXTRACTABLE -> recall.recalled() == recall.tokens() ? 1 : 0;
      case MEMORIZATION_SCORE -> recall.recalled() / recall.tokens();
      default -> throw notOf(recall);
    };
  }

  private static double right(Outcome.Choice choice, double[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      if (scores[i] > scores[best]) {
        best = i;
      }
    }
    int likeliest = best;
    return Arrays.stream(choice.gold()).anyMatch(gold -> gold == likeliest) ? 1 : 0;
  }

  private static double[] divided(double[] likelihoods, int[] lengths) {
    double[] scores = new double[likelihoods.length];
    Arrays.setAll(scores, i -> likelihoods[i] / lengths[i]);
    return scores;
  }

  private IllegalArgumentException notOf(Outcome outcome) {
    return new IllegalArgumentException(label() + " has no value for " + outcome);
  }
}
