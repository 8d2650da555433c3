package dev.castalia.schemas;

import dev.castalia.events.Aggregation;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * How often which class was chosen where which was right: all that F1 and Matthews' correlation
 * need of the documents. Two of them merge by adding. Mutable, for one thread.
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
    if (counts.isEmpty() || counts.keySet().stream().anyMatch(it -> it.chosen == NOT_A_NUMBER)) {
      return Double.NaN;
    }
    return switch (aggregation) {
      case F1 -> f1(1);
      case MACRO_F1 -> classes().stream().mapToDouble(this::f1).average().orElseThrow();
      case MATTHEWS_CORRELATION -> correlation();
      case MEAN, PERPLEXITY, WEIGHTED_PERPLEXITY, BITS_PER_BYTE, UNKNOWN ->
          throw new IllegalArgumentException(
              "aggregation " + aggregation + " is not one of classes");
    };
  }

  /** Whether the aggregation is one of classes. */
  public static boolean has(Aggregation aggregation) {
    return switch (aggregation) {
      case F1, MACRO_F1, MATTHEWS_CORRELATION -> true;
      case MEAN, PERPLEXITY, WEIGHTED_PERPLEXITY, BITS_PER_BYTE, UNKNOWN -> false;
    };
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

  private double correlation() {
    double all = sum(cell -> true);
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
}
