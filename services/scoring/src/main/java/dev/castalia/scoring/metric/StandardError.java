package dev.castalia.scoring.metric;

import dev.castalia.events.Aggregation;
import dev.castalia.schemas.Moments;
import dev.castalia.scoring.task.PythonRandom;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Standard errors as lm-evaluation-harness reports them: s/√n for means; for a perplexity the
 * spread of 100 000 bootstrap resamples, drawn with the harness's own seeds so that it is the same
 * number; for the weighted ones, none.
 */
public final class StandardError {

  private static final int SEEDS = 100;
  private static final int RESAMPLES_A_SEED = 1000;

  private StandardError() {}

  /** Empty where the harness writes "N/A". Takes n × 100 000 draws for a perplexity. */
  public static OptionalDouble of(Aggregation aggregation, double[] values) {
    if (values.length < 2) {
      return OptionalDouble.empty();
    }
    return switch (aggregation) {
      case MEAN ->
          OptionalDouble.of(Moments.of(values, new double[0]).standardError(Aggregation.MEAN));
      case PERPLEXITY -> OptionalDouble.of(bootstrapped(values));
      default -> OptionalDouble.empty();
    };
  }

  private static double bootstrapped(double[] values) {
    double[] perplexities =
        IntStream.range(0, SEEDS)
            .parallel()
            .mapToObj(seed -> resampled(values, seed))
            .flatMapToDouble(Arrays::stream)
            .toArray();
    double mean = Arrays.stream(perplexities).sum() / perplexities.length;
    double squares = Arrays.stream(perplexities).map(x -> (x - mean) * (x - mean)).sum();
    return Math.sqrt(squares / (perplexities.length - 1));
  }

  private static double[] resampled(double[] values, int seed) {
    PythonRandom random = new PythonRandom(seed);
    double[] perplexities = new double[RESAMPLES_A_SEED];
    for (int i = 0; i < perplexities.length; i++) {
      double sum = 0;
      for (int j = 0; j < values.length; j++) {
        sum += values[(int) (random.random() * values.length)];
      }
      perplexities[i] = Math.exp(-sum / values.length);
    }
    return perplexities;
  }
}
