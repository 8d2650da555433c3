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

  /** As acc, with what each choice gains by the context. */
  ACC_MUTUAL_INFO(Aggregation.MEAN, Direction.HIGHER, OutputType.MULTIPLE_CHOICE),

  /** 1 if greedy decoding gives the right choice; else 0. */
  EXACT_MATCH(Aggregation.MEAN, Direction.HIGHER, OutputType.MULTIPLE_CHOICE),

  /** F1 of the second choice, or of all; a document's value is the likeliest choice's index. */
  F1(Aggregation.F1, Direction.HIGHER, OutputType.MULTIPLE_CHOICE),

  /** Matthews' correlation; a document's value is the likeliest choice's index. */
  MCC(Aggregation.MATTHEWS_CORRELATION, Direction.HIGHER, OutputType.MULTIPLE_CHOICE),

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

  /**
   * Whether documents are put into classes: the value is the class that the model chose, the weight
   * the right one, and only all of them together give a number.
   */
  public boolean ofClasses() {
    return this == F1 || this == MCC;
  }

  /** Whether guessing gives one over the number of choices. */
  public boolean isAccuracy() {
    return this == ACC || this == ACC_NORM || this == ACC_BYTES || this == ACC_MUTUAL_INFO;
  }

  /** Whether it compares the two sentences of a pair. */
  public boolean ofPairs() {
    return this == LIKELIHOOD_DIFF || this == PCT_STEREOTYPE;
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

  /** A document's weight; only where {@link #weighted} or {@link #ofClasses}. */
  public double weight(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Text text -> this == WORD_PERPLEXITY ? text.words() : text.bytes();
      case Outcome.Choice choice ->
          choice.gold().length == 0 ? Outcome.Choice.NONE : choice.gold()[0];
      default -> throw notOf(outcome);
    };
  }

  private double ofChoice(Outcome.Choice choice) {
    double[] likelihoods = choice.logLikelihoods();
    return switch (this) {
      case ACC -> right(choice, likelihoods);
      case ACC_NORM -> right(choice, divided(likelihoods, choice.codePoints()));
      case ACC_BYTES -> right(choice, divided(likelihoods, choice.bytes()));
      case ACC_MUTUAL_INFO -> right(choice, gained(likelihoods, choice.unconditional()));
      case EXACT_MATCH -> choice.greedyIsRight() ? 1 : 0;
      case F1, MCC -> choice.likeliest();
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
    int likeliest = Outcome.Choice.indexOfGreatest(scores);
    return Arrays.stream(choice.gold()).anyMatch(gold -> gold == likeliest) ? 1 : 0;
  }

  private static double[] gained(double[] likelihoods, double[] unconditional) {
    double[] scores = new double[likelihoods.length];
    Arrays.setAll(scores, i -> likelihoods[i] - unconditional[i]);
    return scores;
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
