package dev.castalia.topology.findings;

import dev.castalia.events.BaseStepEffect;
import dev.castalia.events.ContinuedRun;
import dev.castalia.events.ContinuedTraining;
import dev.castalia.events.Finding;
import dev.castalia.topology.findings.statistics.Transfer;
import dev.castalia.topology.findings.statistics.Transfer.Cell;
import dev.castalia.topology.findings.statistics.Transfer.Compared;
import dev.castalia.topology.findings.statistics.Transfer.NotEnoughData;
import dev.castalia.topology.findings.statistics.Transfer.Outcome;
import dev.castalia.topology.findings.statistics.Transfer.Setting;
import dev.castalia.topology.state.RunSeries;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What training on in another language gains and loses: for every two tasks, one in the new
 * language and one in the base run's. The second is taken by the first one's metric, or where it is
 * not scored by that, by its main ability.
 */
final class ContinuedFindings {

  /** A continued run's scores, and its base checkpoint's, on both tasks. */
  private record Continuation(
      Scores newScores, Scores oldScores, long baseStep, int newBase, int oldBase) {

    boolean isAt(long step) {
      return newScores.indexOf(step) >= 0 && oldScores.indexOf(step) >= 0;
    }
  }

  private final Scores newBase;
  private final Scores oldBase;
  private final String language;
  private final List<Continuation> continuations = new ArrayList<>();

  private ContinuedFindings(Scores newBase, Scores oldBase, String language) {
    this.newBase = newBase;
    this.oldBase = oldBase;
    this.language = language;
  }

  /**
   * @param runs series of the base run and of those that went on from it, by run
   * @param most findings; of more, the first by tasks' names
   */
  static List<Finding> of(String base, Map<String, List<RunSeries>> runs, int most) {
    List<RunSeries> ofBase = runs.get(base);
    Set<String> languages = new TreeSet<>();
    List<RunSeries> children = new ArrayList<>();
    runs.values().stream()
        .flatMap(List::stream)
        .filter(it -> it.getParent() != null)
        .filter(it -> !it.getLanguage().equals(ofBase.getFirst().getLanguage()))
        .forEach(
            it -> {
              languages.add(it.getLanguage());
              children.add(it);
            });
    List<RunSeries> newTasks =
        ofBase.stream().filter(it -> languages.contains(it.getTaskLanguage())).toList();
    List<RunSeries> oldTasks =
        ofBase.stream().filter(it -> it.getTaskLanguage().equals(it.getLanguage())).toList();
    List<Finding> findings = new ArrayList<>();
    for (String language : languages) {
      for (RunSeries newTask : newTasks) {
        for (RunSeries oldTask : oldTasks) {
          if (newTask.getTaskLanguage().equals(language)) {
            add(findings, language, newTask, oldTask, children);
          }
          if (findings.size() >= most) {
            return findings.subList(0, most);
          }
        }
      }
    }
    return findings;
  }

  private static void add(
      List<Finding> findings,
      String language,
      RunSeries newTask,
      RunSeries oldTask,
      List<RunSeries> children) {
    for (Scores newBase : Scores.of(newTask)) {
      Scores oldBase = counterpart(oldTask, newBase.name());
      if (newBase.role() != Scores.Role.ABILITY || oldBase == null) {
        continue;
      }
      ContinuedFindings pair = new ContinuedFindings(newBase, oldBase, language);
      pair.gather(children);
      if (!pair.continuations.isEmpty()) {
        findings.add(pair.finding());
      }
    }
  }

  /**
   * The task's scores by that metric, or else by the first that is of an ability; null where there
   * is neither.
   */
  private static Scores counterpart(RunSeries oldTask, String metric) {
    Scores same = Scores.of(oldTask, metric);
    return same != null
        ? same
        : Scores.of(oldTask).stream()
            .filter(it -> it.role() == Scores.Role.ABILITY)
            .findFirst()
            .orElse(null);
  }

  private void gather(List<RunSeries> children) {
    Map<String, Scores> old = new HashMap<>();
    for (RunSeries child : children) {
      if (isOn(child, oldBase)) {
        old.put(child.getModel(), Scores.of(child, oldBase.name()));
      }
    }
    for (RunSeries child : children) {
      Scores newScores = isOn(child, newBase) ? Scores.of(child, newBase.name()) : null;
      Scores oldScores = old.get(child.getModel());
      if (newScores == null || oldScores == null || !child.getLanguage().equals(language)) {
        continue;
      }
      String revision = child.getParent().substring(child.getParent().indexOf('@') + 1);
      int inNew = newBase.indexOf(revision);
      int inOld = oldBase.indexOf(revision);
      if (inNew >= 0 && inOld >= 0) {
        continuations.add(
            new Continuation(newScores, oldScores, newBase.step(inNew), inNew, inOld));
      }
    }
  }

  private static boolean isOn(RunSeries child, Scores base) {
    return child.getTask().equals(base.run().getTask())
        && child.getShots() == base.run().getShots()
        && child.getVersion().equals(base.run().getVersion());
  }

  /**
   * Of the steps that more than half of the continued runs have on both tasks, the last that runs
   * from the most base steps have: a step that all have may be long before one of them diverged,
   * and the last of all one to which those from an earlier base step were not trained. At step 0
   * nothing was trained on yet.
   */
  private long sharedStep() {
    TreeSet<Long> usual =
        UsualSteps.of(continuations.stream().map(ContinuedFindings::trainedSteps).toList());
    return usual.stream()
        .max(Comparator.comparingLong(this::baseSteps).thenComparing(Comparator.naturalOrder()))
        .orElse(-1L);
  }

  private long baseSteps(long step) {
    return continuations.stream()
        .filter(it -> it.isAt(step))
        .map(Continuation::baseStep)
        .distinct()
        .count();
  }

  private static Set<Long> trainedSteps(Continuation run) {
    Set<Long> steps = run.newScores().steps();
    steps.retainAll(run.oldScores().steps());
    steps.remove(0L);
    return steps;
  }

  private Finding finding() {
    long step = sharedStep();
    Map<Cell, String> checkpoints = new IdentityHashMap<>();
    List<Cell> cells = new ArrayList<>();
    Set<String> evidence = new TreeSet<>();
    for (Continuation it : continuations) {
      if (!it.isAt(step)) {
        continue;
      }
      int i = it.newScores().indexOf(step);
      int j = it.oldScores().indexOf(step);
      Cell cell =
          new Cell(
              it.baseStep(),
              setting(it.newScores().run()),
              newBase.ableAt(it.newBase()),
              it.newScores().ableAt(i),
              oldBase.ableAt(it.oldBase()),
              it.oldScores().ableAt(j));
      cells.add(cell);
      checkpoints.put(cell, it.newScores().key(i));
      evidence.add(it.newScores().key(i));
      evidence.add(newBase.key(it.newBase()));
    }
    Finding.Builder finding =
        Findings.measuredAs(
                Findings.about(
                    "continued-training",
                    subject(),
                    continuations.stream().map(it -> it.newScores().run().getModel()).toList(),
                    evidence,
                    expected(),
                    Transfer.METHOD),
                newBase.run())
            .setMetric(newBase.name())
            .setTask(newBase.run().getTask());
    switch (Transfer.of(cells, floor(), Findings.ALPHA)) {
      case NotEnoughData none ->
          finding.setDetails(details(step, checkpoints, none.outcomes(), null));
      case Compared compared -> {
        Findings.effect(finding, compared.steps().getLast().difference())
            .setVerdict(compared.answer().name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .setPValue(compared.steps().getLast().pValue())
            .setDetails(details(step, checkpoints, compared.outcomes(), compared));
      }
    }
    return finding.build();
  }

  private List<String> subject() {
    return Stream.of(
            newBase.run().getModel(),
            language,
            newBase.run().getTask(),
            Integer.toString(newBase.run().getShots()),
            oldBase.run().getTask(),
            newBase.name(),
            oldMetric(),
            Findings.measured(oldBase.run()))
        .filter(Objects::nonNull)
        .toList();
  }

  /** Null where both are of one. */
  private String oldMetric() {
    return oldBase.name().equals(newBase.name()) ? null : oldBase.name();
  }

  private static Setting setting(RunSeries run) {
    Double rate = run.getLearningRate();
    return new Setting(rate == null ? Double.NaN : rate, run.getVariant());
  }

  private int expected() {
    Set<Long> bases = new TreeSet<>();
    continuations.forEach(it -> bases.add(it.baseStep()));
    return continuations.size() + bases.size();
  }

  /** What an untrained model scores in the old language: by guessing, or as the run begins. */
  private double floor() {
    double chance = oldBase.chance();
    if (!Double.isNaN(chance)) {
      return oldBase.sign() * chance;
    }
    int first = oldBase.indexOf(0);
    return first < 0 ? Double.NaN : oldBase.ableAt(first).value();
  }

  private ContinuedTraining details(
      long step, Map<Cell, String> checkpoints, List<Outcome> outcomes, Compared compared) {
    Setting best = compared == null ? null : compared.best();
    return ContinuedTraining.newBuilder()
        .setBase(newBase.run().getModel())
        .setNewLanguage(language)
        .setNewTask(newBase.run().getTask())
        .setOldTask(oldBase.run().getTask())
        .setOldMetric(oldMetric())
        .setStep(step)
        .setRuns(outcomes.stream().map(it -> run(it, checkpoints.get(it.cell()))).toList())
        .setEarliest(compared == null ? null : compared.baseStep())
        .setBases(
            compared == null
                ? List.of()
                : compared.steps().stream()
                    .map(
                        it ->
                            new BaseStepEffect(
                                it.step(),
                                it.difference().estimate(),
                                it.difference().low(),
                                it.difference().high(),
                                it.pValue()))
                    .toList())
        .setPaysFrom(compared == null ? null : compared.paysFrom())
        .setBestRate(best == null ? null : best.rate())
        .setBestVariant(best == null ? null : best.variant())
        .build();
  }

  private static ContinuedRun run(Outcome outcome, String checkpoint) {
    return new ContinuedRun(
        checkpoint,
        outcome.cell().baseStep(),
        Findings.known(outcome.cell().setting().rate()),
        outcome.cell().setting().variant(),
        outcome.gain().estimate(),
        Findings.known(outcome.gain().low()),
        Findings.known(outcome.gain().high()),
        outcome.loss().estimate(),
        Findings.known(outcome.loss().low()),
        Findings.known(outcome.loss().high()),
        outcome.kept() == null ? null : Findings.known(outcome.kept()),
        outcome.onFront());
  }
}
