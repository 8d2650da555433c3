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
    /** It depends on the size, and the data do not tell how. */
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
   * @param change from the smallest to the largest size
   * @param slope of a log-linear model, a decade; else NaN
   */
  public record Model(
      Shape shape,
      int parameters,
      double criterion,
      double uncorrected,
      double from,
      double to,
      double change,
      double slope) {}

  public sealed interface Verdict {}

  public record NotEnoughData(int sizes) implements Verdict {}

  /**
   * @param level the mean over sizes
   */
  public record Flat(double pValue, Interval level) implements Verdict {}

  /**
   * @param shape the answer
   * @param models the best of each class that has an AICc, best first
   * @param change from the smallest to the largest size, as measured
   */
  public record Scaling(double pValue, Shape shape, List<Model> models, Interval change)
      implements Verdict {}

  private ScalingShape() {}

  /**
   * @param sizes one a size, its place being log10 of the parameters
   * @param chance the score of guessing; NaN where there is none
   * @param alpha rate at which flat scores are taken for others, at most
   */
  public static Verdict of(List<Measurement> sizes, double chance, double alpha) {
    Series series = new Series(sizes);
    int n = series.size();
    if (n < LEAST) {
      return new NotEnoughData(n);
    }
    double pValue = ShapeTest.trendOrStep(series);
    if (pValue > alpha) {
      double weights = Arrays.stream(series.weights()).sum();
      return new Flat(pValue, Interval.normal(series.mean(), 1 / Math.sqrt(weights), 1 - alpha));
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
    boolean decided = models.values().stream().allMatch(it -> isWorse(it, same));
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
    return models.stream()
        .mapToDouble(criterion)
        .filter(Double::isFinite)
        .min()
        .orElse(Double.POSITIVE_INFINITY);
  }

  private static Model line(Series series) {
    double[] mean = means(series, 0, series.size());
    double products = 0;
    double squares = 0;
    for (int i = 0; i < series.size(); i++) {
      products += series.weight(i) * (series.at[i] - mean[0]) * (series.value[i] - mean[1]);
      squares += series.weight(i) * Math.pow(series.at[i] - mean[0], 2);
    }
    double slope = products / squares;
    double[] fitted = new double[series.size()];
    Arrays.setAll(fitted, i -> mean[1] + slope * (series.at[i] - mean[0]));
    return model(Shape.LOG_LINEAR, series, fitted, 2, Double.NaN, Double.NaN, slope);
  }

  private static Model above(Series series, int size, double chance) {
    double products = 0;
    double squares = 0;
    for (int i = size + 1; i < series.size(); i++) {
      double over = series.at[i] - series.at[size];
      products += series.weight(i) * over * (series.value[i] - chance);
      squares += series.weight(i) * over * over;
    }
    double slope = products / squares;
    double[] fitted = new double[series.size()];
    Arrays.setAll(fitted, i -> chance + slope * Math.max(0, series.at[i] - series.at[size]));
    return model(Shape.LOG_LINEAR_ABOVE, series, fitted, 2, series.at[size], Double.NaN, slope);
  }

  /** The sizes between the two, one at most, have a level of their own. */
  private static Model step(Series series, int below, int above, double floor) {
    double low = Double.isNaN(floor) ? means(series, 0, below + 1)[1] : floor;
    double high = means(series, above, series.size())[1];
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
    double chiSquare = 0;
    for (int i = 0; i < n; i++) {
      double z = (series.value[i] - fitted[i]) / series.stderr[i];
      chiSquare += z * z;
    }
    double scale = Math.max(1, chiSquare / n);
    int k = parameters + 1;
    double uncorrected = n * Math.log(scale) + chiSquare / scale + 2 * k;
    double criterion =
        n - k - 1 <= 0 ? Double.POSITIVE_INFINITY : uncorrected + 2.0 * k * (k + 1) / (n - k - 1);
    return new Model(
        shape, parameters, criterion, uncorrected, from, to, fitted[n - 1] - fitted[0], slope);
  }

  /** Weighted means of places and values, of those from one to before another. */
  private static double[] means(Series series, int from, int to) {
    double at = 0;
    double value = 0;
    double weights = 0;
    for (int i = from; i < to; i++) {
      at += series.weight(i) * series.at[i];
      value += series.weight(i) * series.value[i];
      weights += series.weight(i);
    }
    return new double[] {at / weights, value / weights};
  }
}
