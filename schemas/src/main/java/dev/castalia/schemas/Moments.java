package dev.castalia.schemas;

import dev.castalia.events.Aggregation;

/**
 * What must be kept of a metric's per-document values to know its aggregate and standard error: the
 * count, the means of the values x and of the weights w, and their centred second moments. A few
 * numbers however many documents, and two of them merge into the moments of both.
 *
 * <p>Merging uses the pairwise update of Chan, Golub and LeVeque ("Updating Formulae and a Pairwise
 * Algorithm for Computing Sample Variances", 1979), which does not cancel as sums of squares do.
 * Merging is not associative to the last bit: merge in one fixed order (document order) where equal
 * inputs must give equal bits.
 *
 * <p>A value that is not finite makes every aggregate not finite; it is never dropped.
 *
 * @param count documents, at least 0
 * @param meanX mean of the values
 * @param m2X sum of squared deviations of the values
 * @param meanW mean of the weights; 0 where a metric has none
 * @param m2W sum of squared deviations of the weights
 * @param cXW sum of products of deviations of values and weights
 */
public record Moments(long count, double meanX, double m2X, double meanW, double m2W, double cXW) {

  public static final Moments EMPTY = new Moments(0, 0, 0, 0, 0, 0);

  /**
   * Moments of one slice of per-document values.
   *
   * @param weights as many as values, or empty for a metric without weights
   */
  public static Moments of(double[] values, double[] weights) {
    if (weights.length != 0 && weights.length != values.length) {
      throw new IllegalArgumentException(
          values.length + " values but " + weights.length + " weights: give one each, or none");
    }
    Moments moments = EMPTY;
    for (int i = 0; i < values.length; i++) {
      moments = moments.plus(values[i], weights.length == 0 ? 0 : weights[i]);
    }
    return moments;
  }

  /** These moments and one more document. */
  public Moments plus(double x, double w) {
    return plus(new Moments(1, x, 0, w, 0, 0));
  }

  /** The moments of both sets of documents. */
  public Moments plus(Moments that) {
    if (count == 0) {
      return that;
    }
    if (that.count == 0) {
      return this;
    }
    double n = count + that.count;
    double dX = that.meanX - meanX;
    double dW = that.meanW - meanW;
    double share = that.count / n;
    double cross = count * share;
    return new Moments(
        count + that.count,
        meanX + dX * share,
        m2X + that.m2X + dX * dX * cross,
        meanW + dW * share,
        m2W + that.m2W + dW * dW * cross,
        cXW + that.cXW + dX * dW * cross);
  }

  /**
   * The metric's value over these documents; NaN when there are none.
   *
   * <p>MEAN: mean x. PERPLEXITY: exp(−mean x). WEIGHTED_PERPLEXITY: exp(−Σx/Σw). BITS_PER_BYTE:
   * −Σx/Σw/ln 2. The x of the last three are natural-log likelihoods, the w words or bytes.
   *
   * @throws IllegalArgumentException for an aggregation of classes: {@link Confusion} has those
   */
  public double value(Aggregation aggregation) {
    if (count == 0) {
      return Double.NaN;
    }
    return switch (aggregation) {
      case MEAN -> meanX;
      case PERPLEXITY -> Math.exp(-meanX);
      case WEIGHTED_PERPLEXITY -> Math.exp(-meanX / meanW);
      case BITS_PER_BYTE -> -meanX / meanW / Math.log(2);
      case F1, MACRO_F1, MATTHEWS_CORRELATION, UNKNOWN -> throw notOfMoments(aggregation);
    };
  }

  /**
   * The standard error of {@link #value}: s/√n for a mean, as lm-evaluation-harness computes it;
   * for the others the delta method on the mean, or on the ratio of means (Cochran, "Sampling
   * Techniques", 3rd ed., eq. 6.13). NaN for fewer than two documents.
   */
  public double standardError(Aggregation aggregation) {
    if (count < 2) {
      return Double.NaN;
    }
    return switch (aggregation) {
      case MEAN -> standardErrorOfMean();
      case PERPLEXITY -> value(aggregation) * standardErrorOfMean();
      case WEIGHTED_PERPLEXITY -> value(aggregation) * standardErrorOfRatio();
      case BITS_PER_BYTE -> standardErrorOfRatio() / Math.log(2);
      case F1, MACRO_F1, MATTHEWS_CORRELATION, UNKNOWN -> throw notOfMoments(aggregation);
    };
  }

  private double standardErrorOfMean() {
    return Math.sqrt(m2X / (count - 1) / count);
  }

  private double standardErrorOfRatio() {
    double ratio = meanX / meanW;
    double residual = Math.max(0, m2X - 2 * ratio * cXW + ratio * ratio * m2W);
    if (Double.isNaN(m2X)) {
      return Double.NaN;
    }
    return Math.sqrt(residual / (count - 1) / count) / Math.abs(meanW);
  }

  private static IllegalArgumentException notOfMoments(Aggregation aggregation) {
    return new IllegalArgumentException(
        aggregation == Aggregation.UNKNOWN
            ? "aggregation UNKNOWN: written by a newer Castalia; upgrade this one to read it"
            : "aggregation " + aggregation + " needs the table of confusion");
  }
}
