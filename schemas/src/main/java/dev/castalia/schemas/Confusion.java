package dev.castalia.schemas;

import dev.castalia.events.Aggregation;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * How often which class was chosen where which was right: all that F1 and Matthews' correlation
 * need of the documents. Two of them merge by adding, in any order. Mutable, for one thread.
 */
public final class Confusion {

  /** A cell of the table. */
  public record Cell(int chosen, int right) implements Comparable<Cell> {

    @Override
    public int compareTo(Cell other) {
      return chosen != other.chosen
          ? Integer.compare(chosen, other.chosen)
          : Integer.compare(right, other.right);
    }
  }

  /** Chosen by a model that gave no numbers. */
  private static final int NOT_A_NUMBER = Integer.MIN_VALUE;

  private final Map<Cell, Long> counts = new TreeMap<>();

  /**
   * @param chosen classes, whole numbers; NaN where the model gave no numbers
   * @param right as many
   */
  public static Confusion of(double[] chosen, double[] right) {
    if (chosen.length != right.length) {
      throw new IllegalArgumentException(
          chosen.length + " chosen classes but " + right.length + " right ones: give one each");
    }
    Confusion confusion = new Confusion();
    for (int i = 0; i < chosen.length; i++) {
      int of = Double.isNaN(chosen[i]) ? NOT_A_NUMBER : (int) chosen[i];
      confusion.add(new Cell(of, (int) right[i]), 1);
    }
    return confusion;
  }

  public void add(Cell cell, long count) {
    if (count > 0) {
      counts.merge(cell, count, Long::sum);
    }
  }

  /** The table's cells that are not 0, in order. */
  public Map<Cell, Long> counts() {
    return new TreeMap<>(counts);
  }

  /**
   * The metric's value; NaN when there are no documents, or one where the model gave no numbers.
   *
   * <p>F1: 2TP / (2TP + FP + FN) of class 1; 0 where none is right or chosen. MACRO_F1: its mean
   * over all classes that are right or chosen somewhere. MATTHEWS_CORRELATION: Gorodkin's R of any
   * number of classes ("Comparing two K-category assignments by a K-category correlation
   * coefficient", 2004); 0 where only one class is right or chosen.
   */
  public double value(Aggregation aggregation) {
    if (!hasValue()) {
      return Double.NaN;
    }
    return switch (aggregation) {
      case F1 -> f1(1);
      case MACRO_F1 -> classes().stream().mapToDouble(this::f1).average().orElseThrow();
      case MATTHEWS_CORRELATION -> correlation();
      case MEAN, PERPLEXITY, WEIGHTED_PERPLEXITY, BITS_PER_BYTE, UNKNOWN ->
          throw notOfClasses(aggregation);
    };
  }

  /**
   * The standard error of {@link #value} by the delta method: the table is a draw from a
   * multinomial distribution, of which the value is a smooth function. NaN for fewer than two
   * documents, where the value is NaN, and for MATTHEWS_CORRELATION, which is not smooth there,
   * where documents differ but only one class is right, or only one is chosen. 0 where all
   * documents are alike, since every draw is.
   */
  public double standardError(Aggregation aggregation) {
    double all = all();
    if (!hasValue() || all < 2) {
      return Double.NaN;
    }
    ToDoubleFunction<Cell> slope =
        switch (aggregation) {
          case F1 -> cell -> f1Slope(1, cell);
          case MACRO_F1 -> {
            TreeSet<Integer> classes = classes();
            yield cell ->
                classes.stream().mapToDouble(of -> f1Slope(of, cell)).average().orElseThrow();
          }
          case MATTHEWS_CORRELATION -> correlationSlope();
          case MEAN, PERPLEXITY, WEIGHTED_PERPLEXITY, BITS_PER_BYTE, UNKNOWN ->
              throw notOfClasses(aggregation);
        };
    Moments slopes = Moments.EMPTY;
    for (Map.Entry<Cell, Long> entry : counts.entrySet()) {
      double of = slope.applyAsDouble(entry.getKey());
      slopes = slopes.plus(new Moments(entry.getValue(), of, 0, 0, 0, 0));
    }
    return slopes.standardError(Aggregation.MEAN);
  }

  /** Whether the aggregation is one of classes. */
  public static boolean has(Aggregation aggregation) {
    return switch (aggregation) {
      case F1, MACRO_F1, MATTHEWS_CORRELATION -> true;
      case MEAN, PERPLEXITY, WEIGHTED_PERPLEXITY, BITS_PER_BYTE, UNKNOWN -> false;
    };
  }

  private boolean hasValue() {
    return !counts.isEmpty()
        && counts.keySet().stream().noneMatch(cell -> cell.chosen == NOT_A_NUMBER);
  }

  private static IllegalArgumentException notOfClasses(Aggregation aggregation) {
    return new IllegalArgumentException("aggregation " + aggregation + " is not one of classes");
  }

  private TreeSet<Integer> classes() {
    TreeSet<Integer> classes = new TreeSet<>();
    counts.keySet().forEach(cell -> classes.add(cell.chosen));
    counts.keySet().forEach(cell -> classes.add(cell.right));
    return classes;
  }

  private double f1(int of) {
    long both = counts.getOrDefault(new Cell(of, of), 0L);
    long either = chosen(of) + right(of);
    return either == 0 ? 0 : 2.0 * both / either;
  }

  /** How a class's F1 changes with a cell's share of the documents. */
  private double f1Slope(int of, Cell cell) {
    double either = (chosen(of) + right(of)) / all();
    if (either == 0) {
      return 0;
    }
    double both = counts.getOrDefault(new Cell(of, of), 0L) / all();
    int more = (cell.chosen == of ? 1 : 0) + (cell.right == of ? 1 : 0);
    return 2 * ((more == 2 ? 1 : 0) - both * more / either) / either;
  }

  private long chosen(int of) {
    return sum(cell -> cell.chosen == of);
  }

  private long right(int of) {
    return sum(cell -> cell.right == of);
  }

  private long sum(Predicate<Cell> wanted) {
    return counts.entrySet().stream()
        .filter(entry -> wanted.test(entry.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private double all() {
    return sum(cell -> true);
  }

  private double correlation() {
    double all = all();
    double same = sum(cell -> cell.chosen == cell.right);
    double both = 0;
    double chosenTwice = 0;
    double rightTwice = 0;
    for (int of : classes()) {
      double chosen = chosen(of);
      double right = right(of);
      both += chosen * right;
      chosenTwice += chosen * chosen;
      rightTwice += right * right;
    }
    double spread = Math.sqrt((all * all - chosenTwice) * (all * all - rightTwice));
    return spread == 0 ? 0 : (same * all - both) / spread;
  }

  /** How the correlation changes with a cell's share of the documents, but for a constant. */
  private ToDoubleFunction<Cell> correlationSlope() {
    double all = all();
    double chosenSpread = 1;
    double rightSpread = 1;
    for (int of : classes()) {
      chosenSpread -= Math.pow(chosen(of) / all, 2);
      rightSpread -= Math.pow(right(of) / all, 2);
    }
    double correlation = correlation();
    double ofChosen = chosenSpread;
    double ofRight = rightSpread;
    return cell -> {
      double chosen = chosen(cell.chosen) / all;
      double right = right(cell.right) / all;
      double same = cell.chosen == cell.right ? 1 : 0;
      double chance = right(cell.chosen) / all + chosen(cell.right) / all;
      return (same - chance) / Math.sqrt(ofChosen * ofRight)
          + correlation * (chosen / ofChosen + right / ofRight);
    };
  }
}
