package dev.castalia.topology.findings.statistics;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;

/**
 * What training on, in a new language, gains there and loses in the old one, by the base checkpoint
 * it starts from, the learning rate and the data.
 *
 * <p>It pays to start from a base checkpoint, rather than from the earliest there is, where the
 * score on the new language after equally many further steps is better, over the settings that both
 * were tried with: a two-sided z-test by the scores' standard errors, at rate α over all base
 * checkpoints by Holm's procedure ("A simple sequentially rejective multiple test procedure",
 * 1979). All scores are of the same documents, so that a mean of them, over settings or runs of
 * one, is taken to err as much as they do on average, which it does at most. From which step on it
 * pays is the first from which it does and after which it always does; a base checkpoint that
 * cannot be held against the earliest ends this. Variation from run to run is not in the standard
 * errors.
 */
public final class Transfer {

  /** Name of the method, for findings. */
  public static final String METHOD = "base-step-z-holm";

  /**
   * How a run is trained on, whatever it starts from.
   *
   * @param rate learning rate; NaN when unknown
   * @param variant of the training data
   */
  public record Setting(double rate, String variant) {
    private static final Comparator<Setting> ORDER =
        Comparator.comparingDouble(Setting::rate).thenComparing(Setting::variant);
  }

  /**
   * One continued run; all scores such that higher is better.
   *
   * @param baseStep step of the base run it starts from
   * @param newBefore the base checkpoint's score on the new language
   * @param newAfter the score after training on
   * @param oldBefore the base checkpoint's score on the old language
   * @param oldAfter the score after training on
   */
  public record Cell(
      long baseStep,
      Setting setting,
      Measurement newBefore,
      Measurement newAfter,
      Measurement oldBefore,
      Measurement oldAfter) {}

  /**
   * @param gain on the new language, with its interval
   * @param loss on the old language, with its interval; negative where it got better
   * @param kept share of what the base checkpoint had above the floor; null where that cannot be
   *     told from nothing
   * @param onFront no other run is better in one language and as good in the other
   */
  public record Outcome(Cell cell, Interval gain, Interval loss, Double kept, boolean onFront) {}

  /**
   * @param difference of the new language's score from that of the earliest base step
   * @param pValue adjusted
   */
  public record BaseStep(long step, Interval difference, double pValue) {
    boolean isBetter(double alpha) {
      return pValue <= alpha && difference.estimate() > 0;
    }
  }

  public enum Answer {
    /** There is a step from which it pays. */
    PAYS,
    /** Every base step that is compared tells worse than the earliest. */
    HURTS,
    NO_DIFFERENCE,
    /** Pays from some steps but not from later ones, or hurts from some. */
    MIXED
  }

  public sealed interface Verdict {}

  /**
   * The latest base step, which the answer is about, cannot be held against an earlier one.
   *
   * @param outcomes what there is
   */
  public record NotEnoughData(List<Outcome> outcomes) implements Verdict {}

  /**
   * @param baseStep the earliest, that the others are held against
   * @param steps the others, but for those without a setting or a standard error to compare by; the
   *     latest is there
   * @param paysFrom null where there is none
   * @param best the setting with the best score on the new language from the latest base step, if
   *     its learning rate can be told from the next on the same data; else null
   */
  public record Compared(
      Answer answer,
      List<Outcome> outcomes,
      long baseStep,
      List<BaseStep> steps,
      Long paysFrom,
      Setting best)
      implements Verdict {}

  private Transfer() {}

  /**
   * @param cells after equally many further steps; those of one base step and setting count as one,
   *     their mean
   * @param floor the old language's score of who knows nothing; NaN when unknown
   */
  public static Verdict of(List<Cell> cells, double floor, double alpha) {
    List<Cell> ordered =
        cells.stream()
            .sorted(
                Comparator.comparingLong(Cell::baseStep)
                    .thenComparing(Cell::setting, Setting.ORDER))
            .toList();
    List<Outcome> outcomes =
        ordered.stream().map(cell -> outcome(cell, ordered, floor, 1 - alpha)).toList();
    TreeMap<Long, Map<Setting, Measurement>> byStep =
        ordered.stream()
            .collect(
                groupingBy(
                    Cell::baseStep,
                    TreeMap::new,
                    groupingBy(
                        Cell::setting,
                        () -> new TreeMap<>(Setting.ORDER),
                        mapping(Cell::newAfter, collectingAndThen(toList(), Transfer::mean)))));
    if (byStep.size() < 2) {
      return new NotEnoughData(outcomes);
    }
    List<BaseStep> steps = holm(against(byStep, 1 - alpha));
    if (steps.isEmpty() || steps.getLast().step() != byStep.lastKey()) {
      return new NotEnoughData(outcomes);
    }
    Long paysFrom = paysFrom(byStep.navigableKeySet(), steps, alpha);
    return new Compared(
        answer(steps, paysFrom, alpha),
        outcomes,
        byStep.firstKey(),
        steps,
        paysFrom,
        best(byStep.lastEntry().getValue(), alpha));
  }

  /** Of scores on the same documents, whose errors may all be one. */
  private static Measurement mean(List<Measurement> scores) {
    return new Measurement(
        0,
        scores.stream().mapToDouble(Measurement::value).average().orElse(Double.NaN),
        scores.stream().mapToDouble(Measurement::stderr).average().orElse(Double.NaN));
  }

  private static Outcome outcome(Cell cell, List<Cell> all, double floor, double confidence) {
    Interval gain = difference(cell.newAfter(), cell.newBefore(), confidence);
    Interval loss = difference(cell.oldBefore(), cell.oldAfter(), confidence);
    double had = cell.oldBefore().value() - floor;
    double reach = Interval.normalQuantile(confidence) * cell.oldBefore().stderr();
    Double kept = had > reach ? (cell.oldAfter().value() - floor) / had : null;
    boolean onFront = all.stream().noneMatch(other -> dominates(other, cell));
    return new Outcome(cell, gain, loss, kept, onFront);
  }

  private static boolean dominates(Cell that, Cell cell) {
    double inNew = that.newAfter().value() - cell.newAfter().value();
    double inOld = that.oldAfter().value() - cell.oldAfter().value();
    return inNew >= 0 && inOld >= 0 && inNew + inOld > 0;
  }

  private static Interval difference(Measurement a, Measurement b, double confidence) {
    Measurement difference = minus(a, b);
    return Interval.normal(difference.value(), difference.stderr(), confidence);
  }

  private static Measurement minus(Measurement a, Measurement b) {
    return new Measurement(0, a.value() - b.value(), Math.hypot(a.stderr(), b.stderr()));
  }

  /** Each later base step against the earliest, over the settings that both have. */
  private static List<BaseStep> against(
      TreeMap<Long, Map<Setting, Measurement>> byStep, double confidence) {
    Map<Setting, Measurement> earliest = byStep.firstEntry().getValue();
    List<BaseStep> steps = new ArrayList<>();
    byStep
        .tailMap(byStep.firstKey(), false)
        .forEach(
            (step, scores) -> {
              Measurement gain =
                  mean(
                      scores.keySet().stream()
                          .filter(earliest::containsKey)
                          .map(setting -> minus(scores.get(setting), earliest.get(setting)))
                          .toList());
              if (gain.stderr() > 0) {
                steps.add(
                    new BaseStep(
                        step,
                        Interval.normal(gain.value(), gain.stderr(), confidence),
                        Interval.twoSided(gain.value() / gain.stderr())));
              } else if (gain.stderr() == 0 && gain.value() == 0) {
                // All perfect, or all hopeless.
                steps.add(new BaseStep(step, new Interval(0, 0, 0), 1));
              }
            });
    return steps;
  }

  private static List<BaseStep> holm(List<BaseStep> steps) {
    List<BaseStep> ordered =
        steps.stream().sorted(Comparator.comparingDouble(BaseStep::pValue)).toList();
    List<BaseStep> adjusted = new ArrayList<>();
    double most = 0;
    for (int i = 0; i < ordered.size(); i++) {
      BaseStep step = ordered.get(i);
      most = Math.max(most, Math.min(1, step.pValue() * (ordered.size() - i)));
      adjusted.add(new BaseStep(step.step(), step.difference(), most));
    }
    adjusted.sort(Comparator.comparingLong(BaseStep::step));
    return adjusted;
  }

  private static Long paysFrom(NavigableSet<Long> bases, List<BaseStep> steps, double alpha) {
    Set<Long> better =
        steps.stream().filter(it -> it.isBetter(alpha)).map(BaseStep::step).collect(toSet());
    return bases.descendingSet().stream()
        .takeWhile(better::contains)
        .reduce((later, earlier) -> earlier)
        .orElse(null);
  }

  private static Answer answer(List<BaseStep> steps, Long paysFrom, double alpha) {
    if (paysFrom != null) {
      return Answer.PAYS;
    }
    if (steps.stream().allMatch(it -> it.pValue() > alpha)) {
      return Answer.NO_DIFFERENCE;
    }
    boolean allWorse =
        steps.stream().allMatch(it -> it.pValue() <= alpha && it.difference().estimate() < 0);
    return allWorse ? Answer.HURTS : Answer.MIXED;
  }

  private static Setting best(Map<Setting, Measurement> scores, double alpha) {
    Comparator<Setting> byScore = Comparator.comparingDouble(it -> scores.get(it).value());
    String variant = scores.keySet().stream().max(byScore).orElseThrow().variant();
    List<Setting> best =
        scores.keySet().stream()
            .filter(it -> it.variant().equals(variant))
            .sorted(byScore.reversed())
            .toList();
    if (best.size() < 2 || Double.isNaN(best.getFirst().rate())) {
      return null;
    }
    Interval lead = difference(scores.get(best.get(0)), scores.get(best.get(1)), 1 - alpha);
    return lead.low() > 0 ? best.getFirst() : null;
  }
}
