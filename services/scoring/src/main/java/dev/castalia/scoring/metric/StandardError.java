package dev.castalia.scoring.metric;

import dev.castalia.events.Aggregation;
import dev.castalia.schemas.Confusion;
import dev.castalia.schemas.Moments;
import dev.castalia.scoring.task.PythonRandom;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Standard errors as lm-evaluation-harness reports them: s/√n for means; for a perplexity, F1 and
 * Matthews' correlation the spread of 100 000 bootstrap resamples, drawn with the harness's own
 * seeds so that it is the same number; for others, none.
 */
public final class StandardError {

  private static final int SEEDS = 100;
  private static final int RESAMPLES_A_SEED = 1000;

  private StandardError() {}

  /** Empty where the harness writes "N/A". Takes n × 100 000 draws where it is bootstrapped. */
  public static OptionalDouble of(Aggregation aggregation, double[] values, double[] weights) {
    if (values.length < 2) {
      return OptionalDouble.empty();
    }
    return switch (aggregation) {
      case MEAN ->
          OptionalDouble.of(Moments.of(values, new double[0]).standardError(Aggregation.MEAN));
      case PERPLEXITY ->
          OptionalDouble.of(
              bootstrapped(
                  values.length,
                  drawn ->
                      Math.exp(
                          -Arrays.stream(drawn).mapToDouble(i -> values[i]).sum() / drawn.length)));
      case F1, MATTHEWS_CORRELATION ->
          OptionalDouble.of(
              bootstrapped(
                  values.length,
                  drawn -> Confusion.of(at(values, drawn), at(weights, drawn)).value(aggregation)));
      default -> OptionalDouble.empty();
    };
  }

  private static double bootstrapped(int documents, ToDoubleFunction<int[]> statistic) {
    double[] resamples =
        IntStream.range(0, SEEDS)
            .parallel()
            .mapToObj(seed -> resampled(documents, statistic, seed))
            .flatMapToDouble(Arrays::stream)
            .toArray();
    double mean = Arrays.stream(resamples).sum() / resamples.length;
    double squares = Arrays.stream(resamples).map(x -> (x - mean) * (x - mean)).sum();
    return Math.sqrt(squares / (resamples.length - 1));
  }

  private static double[] resampled(int documents, ToDoubleFunction<int[]> statistic, int seed) {
    PythonRandom random = new PythonRandom(seed);
    double[] resamples = new double[RESAMPLES_A_SEED];
    int[] drawn = new int[documents];
    for (int i = 0; i < resamples.length; i++) {
      for (int j = 0; j < documents; j++) {
        drawn[j] = (int) (random.random() * documents);
      }
      resamples[i] = statistic.applyAsDouble(drawn);
    }
    return resamples;
  }

  private static double[] at(double[] values, int[] indices) {
    return Arrays.stream(indices).mapToDouble(i -> values[i]).toArray();
  }
}
