package dev.castalia.topology.findings.statistics;

import dev.castalia.events.Aggregation;
import dev.castalia.schemas.Moments;
import java.util.Arrays;

/**
 * How well the difference of two models' scores on the same documents is known. Both answered hard
 * documents and easy ones, so the error is that of the mean of the documents' differences; mostly
 * it is smaller than if each model had had documents of its own.
 *
 * <p>Of 0 and 1 with b documents right in the one alone and c in the other alone, of n, that is
 * √((b + c − (b − c)²/n) / (n (n − 1))): from the discordant documents, as McNemar's test is ("Note
 * on the sampling error of the difference between correlated proportions or percentages", 1947).
 */
public final class DocumentDifference {

  private DocumentDifference() {}

  /**
   * The standard error of the difference of two aggregates, of perplexities that of their natural
   * logarithm: there all are means over documents, or ratios to what the documents share, and so
   * are their differences. NaN for fewer than two documents, and for aggregations of classes.
   *
   * @param weights one a document, or none
   */
  public static double stderr(
      Aggregation aggregation, double[] standard, double[] other, double[] weights) {
    double[] differences = new double[standard.length];
    Arrays.setAll(differences, i -> other[i] - standard[i]);
    Moments moments = Moments.of(differences, weights);
    return switch (aggregation) {
      case MEAN, PERPLEXITY -> moments.standardError(Aggregation.MEAN);
      case BITS_PER_BYTE -> moments.standardError(Aggregation.BITS_PER_BYTE);
      case WEIGHTED_PERPLEXITY -> moments.standardError(Aggregation.BITS_PER_BYTE) * Math.log(2);
      case F1, MACRO_F1, MATTHEWS_CORRELATION, UNKNOWN -> Double.NaN;
    };
  }
}
