package dev.castalia.topology.findings.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * How a score depends on a model's size: not at all, log-linearly (perhaps only above a size, at
 * chance below), or suddenly between two sizes.
 *
 * <p>Whether it depends on it at all is a {@link ShapeTest} on straight lines and steps in log10 of
 * the parameters. Among what it may be, AICc decides (Hurvich and Tsai, "Regression and time series
 * model selection in small samples", 1989): −2·ln L + 2k + 2k(k+1)/(n−k−1), with normal errors of
 * s·stderr, where s is fitted and at least 1. The models are fitted by weighted least squares:
 *
 * <ul>
 *   <li>log-linear: y = a + b·x
 *   <li>log-linear above a size: y = c + b·max(0, x − x0), c being chance
 *   <li>sudden: one level below, another above; or with one size on the way between them; the lower
 *       level is free, or chance
 * </ul>
 *
 * The best model's class is the answer if the next class is worse by {@link #DECISIVE} or more. Of
 * few sizes, AICc holds parameters against a model more than any misfit, and has no value for the
 * largest models. So there is no answer where AIC, which lacks that correction, finds another class
 * better by as much; and it speaks alone of a class in which no model has an AICc.
 *
 * <p>Since s takes up any misfit, the best of these may be far from the scores. So there is no
 * answer either where AIC finds one of {@link SmoothCurves} better by as much, which of a quadratic
 * curve against a true line comes to 5 %. What can be told apart, of changes of 0.25 to 0.5 over
 * two or three decades:
 *
 * <ul>
 *   <li>Of 5 or 6 sizes, a step from all else. What is log-linear above a size passes for
 *       log-linear, and so do, of 5 sizes, most curves.
 *   <li>Of 7 or more, also log-linear, log-linear above a size and a quadratic curve.
 *   <li>A logistic curve whose width w is half a decade passes for log-linear, of 8 sizes with
 *       standard errors of 0.02, in 62 % of cases, and in 26 % with 0.01; for log-linear above a
 *       size, of 10 sizes, in 29 % and 2 %.
 * </ul>
 */
public final class ScalingShape {

  /** Name of the method, for findings. */
  public static final String METHOD = "aicc-shapes";

  /** With fewer sizes no permutation is rare enough, and no shape can be told from another. */
  public static final int LEAST = 5;

  /**
   * Difference of AICc from which a model is considerably less supported (Burnham and Anderson).
   */
  public static final double DECISIVE = 2;

  public enum Shape {
    LOG_LINEAR,
    LOG_LINEAR_ABOVE,
    SUDDEN,
    /** It depends on the size, and the data do not tell how, or speak for a smooth curve. */
    UNDETERMINED
  }

  /**
   * A fitted model.
   *
   * @param parameters free ones, the scale of the errors left out
   * @param criterion its AICc; infinite with too few sizes for so many parameters
   * @param uncorrected its AIC, which is −2·ln L + 2k
   * @param from for a sudden change, place of the last size below it; for log-linear above a size,
   *     that size; else NaN
   * @param to for a sudden change, place of the first size above it; else NaN
   * @param slope of a log-linear model, a decade; else NaN
   */
  public record Model(
      Shape shape,
      int parameters,
      double criterion,
      double uncorrected,
      double from,
      double to,
      double slope) {}

  public sealed interface Verdict {}

  public record NotEnoughData(int sizes) implements Verdict {}

  public record Flat(double pValue) implements Verdict {}

  /**
   * @param shape the answer
   * @param models the best of each class that has an AICc, best first
   * @param change from the smallest to the largest size, as measured
   */
  public record Scaling(double pValue, Shape shape, List<Model> models, Interval change)
      implements Verdict {}

  private ScalingShape() {}

  /**
   * Of fewer than 7 sizes with standard errors the p-value is against sampling of documents alone,
   * not against the roughness of training: where that is as large as sampling, a flat score of 5 or
   * 6 sizes is taken for another in a quarter of cases.
   *
   * @param sizes one a size, its place being log10 of the parameters
   * @param chance the score of guessing; NaN where there is none
   * @param alpha rate at which flat scores are taken for others, at most, by the errors that the
   *     p-value is against
   */
  public static Verdict of(List<Measurement> sizes, double chance, double alpha) {
    Series series = new Series(sizes);
    int n = series.size();
    if (n < LEAST) {
      return new NotEnoughData(n);
    }
    double pValue = ShapeTest.trendOrStep(series);
    if (pValue > alpha) {
      return new Flat(pValue);
    }
    Map<Shape, List<Model>> models =
        models(series, chance).stream()
            .collect(
                Collectors.groupingBy(
                    Model::shape, () -> new EnumMap<>(Shape.class), Collectors.toList()));
    List<Model> best =
        models.values().stream()
            .flatMap(it -> best(it).stream())
            .sorted(Comparator.comparingDouble(Model::criterion))
            .toList();
    if (best.isEmpty()) {
      // Their squares are beyond all numbers.
      return new NotEnoughData(n);
    }
    Shape shape = best.getFirst().shape();
    List<Model> same = models.remove(shape);
    boolean decided =
        models.values().stream().allMatch(it -> isWorse(it, same))
            && leastOfCurves(series, chance) - least(same, Model::uncorrected) > -DECISIVE;
    return new Scaling(
        pValue,
        decided ? shape : Shape.UNDETERMINED,
        best,
        Interval.normal(
            series.value[n - 1] - series.value[0],
            Math.hypot(series.stderr[n - 1], series.stderr[0]),
            1 - alpha));
  }

  private static List<Model> models(Series series, double chance) {
    List<Model> models = new ArrayList<>();
    models.add(line(series));
    if (!Double.isNaN(chance)) {
      for (int i = 1; i < series.size() - 2; i++) {
        models.add(above(series, i, chance));
      }
    }
    for (int width = 1; width <= 2; width++) {
      for (int below = 0; below + width < series.size(); below++) {
        models.add(step(series, below, below + width, Double.NaN));
        if (!Double.isNaN(chance)) {
          models.add(step(series, below, below + width, chance));
        }
      }
    }
    return models;
  }

  /** Of one class; none if there are too few sizes for each. */
  private static Optional<Model> best(List<Model> models) {
    return models.stream()
        .filter(it -> Double.isFinite(it.criterion()))
        .min(Comparator.comparingDouble(Model::criterion));
  }

  /** Whether one class is clearly worse than the best one. */
  private static boolean isWorse(List<Model> others, List<Model> best) {
    double corrected = least(others, Model::criterion) - least(best, Model::criterion);
    double uncorrected = least(others, Model::uncorrected) - least(best, Model::uncorrected);
    return (Double.isFinite(corrected) ? corrected : uncorrected) >= DECISIVE
        && uncorrected > -DECISIVE;
  }

  /** Infinite if it is so, or no number, for all of them. */
  private static double least(List<Model> models, ToDoubleFunction<Model> criterion) {
    return least(models.stream().mapToDouble(criterion));
  }

  private static double least(DoubleStream criteria) {
    return criteria.filter(Double::isFinite).min().orElse(Double.POSITIVE_INFINITY);
  }

  /** AIC of the best smooth curve. */
  private static double leastOfCurves(Series series, double chance) {
    return least(
        SmoothCurves.fitted(series, chance).stream()
            .mapToDouble(it -> uncorrected(series, it, SmoothCurves.PARAMETERS)));
  }

  private static Model line(Series series) {
    double[] at = LeastSquares.centred(series, series.at);
    double slope = LeastSquares.factor(series, at, series.value);
    double mean = series.mean();
    double[] fitted = Arrays.stream(at).map(it -> mean + slope * it).toArray();
    return model(Shape.LOG_LINEAR, series, fitted, 2, Double.NaN, Double.NaN, slope);
  }

  private static Model above(Series series, int size, double chance) {
    double[] over = Arrays.stream(series.at).map(it -> Math.max(0, it - series.at[size])).toArray();
    double slope = LeastSquares.factor(series, over, series.minus(chance).value);
    double[] fitted = Arrays.stream(over).map(it -> chance + slope * it).toArray();
    return model(Shape.LOG_LINEAR_ABOVE, series, fitted, 2, series.at[size], Double.NaN, slope);
  }

  /** The sizes between the two, one at most, have a level of their own. */
  private static Model step(Series series, int below, int above, double floor) {
    double low = Double.isNaN(floor) ? mean(series, 0, below + 1) : floor;
    double high = mean(series, above, series.size());
    double[] fitted = new double[series.size()];
    Arrays.setAll(fitted, i -> i <= below ? low : i >= above ? high : series.value[i]);
    int levels = (Double.isNaN(floor) ? 2 : 1) + (above - below - 1);
    return model(
        Shape.SUDDEN, series, fitted, levels + 1, series.at[below], series.at[above], Double.NaN);
  }

  private static Model model(
      Shape shape,
      Series series,
      double[] fitted,
      int parameters,
      double from,
      double to,
      double slope) {
    int n = series.size();
    int k = parameters + 1;
    double uncorrected = uncorrected(series, fitted, parameters);
    double criterion =
        n - k - 1 <= 0 ? Double.POSITIVE_INFINITY : uncorrected + 2.0 * k * (k + 1) / (n - k - 1);
    return new Model(shape, parameters, criterion, uncorrected, from, to, slope);
  }

  /** AIC of a model of so many parameters besides the scale of the errors. */
  private static double uncorrected(Series series, double[] fitted, int parameters) {
    int n = series.size();
    double chiSquare = 0;
    for (int i = 0; i < n; i++) {
      double z = (series.value[i] - fitted[i]) / series.stderr[i];
      chiSquare += z * z;
    }
    double scale = Math.max(1, chiSquare / n);
    return n * Math.log(scale) + chiSquare / scale + 2 * (parameters + 1);
  }

  /** Weighted, of the values from one to before another. */
  private static double mean(Series series, int from, int to) {
    double value = 0;
    double weights = 0;
    for (int i = from; i < to; i++) {
      value += series.weight(i) * series.value[i];
      weights += series.weight(i);
    }
    return value / weights;
  }
}
