package dev.castalia.topology.findings.statistics;

import java.util.ArrayList;
import java.util.List;

/**
 * In which phases a score moves over a training run: steady, rising, falling, in whatever order.
 *
 * <p>Whether it moves at all is a {@link ShapeTest} on ramps; where the phases begin and end is the
 * fit of a {@link BrokenLine} on log2(1 + step). A piece whose slope cannot be told from 0 is
 * steady, at a level that no piece of a steady line passes more often than claimed (Bonferroni);
 * neighbours of one direction are one phase.
 */
public final class Phases {

  /** Name of the method, for findings. */
  public static final String METHOD = "broken-line-bic";

  /** With fewer measurements than this, permuting them says nothing. */
  public static final int LEAST = 6;

  public enum Direction {
    STEADY,
    RISING,
    FALLING
  }

  /**
   * @param from place where it begins
   * @param to place where it ends
   * @param start the fitted score there
   * @param end the fitted score there
   */
  public record Phase(Direction direction, double from, double to, double start, double end) {
    boolean moves() {
      return direction != Direction.STEADY;
    }
  }

  public sealed interface Verdict {}

  /**
   * @param measurements how many there are
   */
  public record NotEnoughData(int measurements) implements Verdict {}

  public record Steady(double pValue) implements Verdict {}

  /**
   * @param onset where the first movement begins, with the range where it may; null when it has
   *     begun by the first measurement, which is not of step 0, or when no phase moves
   * @param plateau where the last movement ends, alike; null when it goes on to the end of the run
   *     or when no phase moves
   * @param change from the first measurement to the last, fitted
   * @param distance by how much farther from the target the last is than the first, fitted
   */
  public record Moving(
      double pValue,
      List<Phase> phases,
      Interval onset,
      Interval plateau,
      Interval change,
      Interval distance)
      implements Verdict {}

  private Phases() {}

  /**
   * @param measurements by place, see {@link Measurement#place}
   * @param target from which distance is measured
   * @param alpha rate at which steady scores are taken for moving ones, at most
   */
  public static Verdict of(List<Measurement> measurements, double target, double alpha) {
    Series series = new Series(measurements);
    if (series.size() < LEAST) {
      return new NotEnoughData(series.size());
    }
    double confidence = 1 - alpha;
    double pValue = ShapeTest.ramps(series, endsAnd(BrokenLine.places(series), series));
    if (pValue > alpha) {
      return new Steady(pValue);
    }
    return moving(BrokenLine.fit(series, confidence), pValue, target, confidence);
  }

  private static double[] endsAnd(double[] inner, Series series) {
    double[] places = new double[inner.length + 2];
    places[0] = series.at[0];
    System.arraycopy(inner, 0, places, 1, inner.length);
    places[places.length - 1] = series.at[series.size() - 1];
    return places;
  }

  private static Verdict moving(BrokenLine line, double pValue, double target, double confidence) {
    List<Phase> phases = phases(line, confidence);
    return new Moving(
        pValue,
        phases,
        onset(line, phases),
        plateau(line, phases),
        line.change(),
        line.distance(target));
  }

  private static Interval onset(BrokenLine line, List<Phase> phases) {
    return phases.stream()
        .filter(Phase::moves)
        .findFirst()
        .map(Phase::from)
        .filter(from -> from > line.first() || from == 0)
        .map(line::onset)
        .orElse(null);
  }

  private static Interval plateau(BrokenLine line, List<Phase> phases) {
    return phases.reversed().stream()
        .filter(Phase::moves)
        .findFirst()
        .map(Phase::to)
        .filter(to -> to < line.last())
        .map(line::plateau)
        .orElse(null);
  }

  private static List<Phase> phases(BrokenLine line, double confidence) {
    int pieces = line.knots().length + 1;
    double ofEach = 1 - (1 - confidence) / pieces;
    List<Phase> phases = new ArrayList<>();
    double from = line.first();
    for (int piece = 0; piece < pieces; piece++) {
      double to = piece < line.knots().length ? line.knots()[piece] : line.last();
      double start = line.value(from);
      double end = line.value(to);
      Direction direction =
          line.moves(from, to, ofEach)
              ? start < end ? Direction.RISING : Direction.FALLING
              : Direction.STEADY;
      Phase phase = new Phase(direction, from, to, start, end);
      if (!phases.isEmpty() && phases.getLast().direction() == direction) {
        Phase before = phases.removeLast();
        phase = new Phase(direction, before.from(), to, before.start(), end);
      }
      phases.add(phase);
      from = to;
    }
    return phases;
  }
}
