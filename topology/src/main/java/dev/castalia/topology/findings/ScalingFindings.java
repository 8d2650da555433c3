package dev.castalia.topology.findings;

import dev.castalia.events.Finding;
import dev.castalia.events.FittedShape;
import dev.castalia.events.ScalingCurve;
import dev.castalia.events.SizePoint;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.findings.statistics.Measurement;
import dev.castalia.topology.findings.statistics.ScalingShape;
import dev.castalia.topology.findings.statistics.ScalingShape.Flat;
import dev.castalia.topology.findings.statistics.ScalingShape.Model;
import dev.castalia.topology.findings.statistics.ScalingShape.NotEnoughData;
import dev.castalia.topology.findings.statistics.ScalingShape.Scaling;
import dev.castalia.topology.state.RunSeries;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a score, and what few-shot examples add to it, depends on size, after equally many training
 * tokens: the most that as many sizes have in common as a verdict needs, or else as any have. What
 * examples add to a checkpoint is its score with them minus its own without.
 */
final class ScalingFindings {

  /** With one size nothing is said, not even that it is not enough. */
  private static final int LEAST_TOLD = 2;

  /** One checkpoint of a run; its place is the run's size. */
  private record Size(Scores scores, int checkpoint, Measurement score) {

    static Size of(Scores scores, int checkpoint) {
      return new Size(
          scores,
          checkpoint,
          new Measurement(
              Math.log10(scores.run().getParameters()),
              scores.value(checkpoint),
              scores.stderr(checkpoint)));
    }

    Size minus(Size other) {
      return new Size(
          scores,
          checkpoint,
          new Measurement(
              score.at(),
              score.value() - other.score.value(),
              Math.hypot(score.stderr(), other.score.stderr())));
    }

    String model() {
      return scores.run().getModel();
    }

    long parameters() {
      return scores.run().getParameters();
    }

    String key() {
      return scores.key(checkpoint);
    }

    long tokens() {
      return scores.checkpoint(checkpoint).getTokensSeen();
    }

    SizePoint event() {
      return new SizePoint(key(), parameters(), score.value(), Findings.known(score.stderr()));
    }
  }

  private ScalingFindings() {}

  /**
   * @param group scores by one metric on one task, of runs of one suite
   */
  static List<Finding> of(List<Scores> group) {
    TreeMap<String, TreeMap<Integer, List<Scores>>> byData = new TreeMap<>();
    Set<String> languages = new TreeSet<>();
    for (Scores scores : group) {
      RunSeries run = scores.run();
      languages.add(run.getLanguage());
      byData
          .computeIfAbsent(
              run.getVariant() + Keys.SEPARATOR + run.getLanguage(), it -> new TreeMap<>())
          .computeIfAbsent(run.getShots(), it -> new ArrayList<>())
          .add(scores);
    }
    boolean isOfSeveralLanguages = languages.size() > 1;
    List<Finding> findings = new ArrayList<>();
    for (TreeMap<Integer, List<Scores>> byShots : byData.values()) {
      byShots.forEach(
          (shots, scores) -> {
            add(findings, isOfSeveralLanguages, runs(scores), null);
            if (shots > 0 && byShots.containsKey(0)) {
              add(findings, isOfSeveralLanguages, gains(scores, byShots.get(0)), shots);
            }
          });
    }
    return findings;
  }

  /** The checkpoints of each run, its own score being what is compared. */
  private static List<List<Size>> runs(List<Scores> group) {
    return group.stream()
        .map(scores -> scores.there().stream().map(i -> Size.of(scores, i)).toList())
        .toList();
  }

  /** Of each run, the checkpoints that are scored with examples and without. */
  private static List<List<Size>> gains(List<Scores> fewShot, List<Scores> zeroShot) {
    Map<String, Size> zero = new HashMap<>();
    runs(zeroShot).forEach(run -> run.forEach(it -> zero.put(it.key(), it)));
    return runs(fewShot).stream()
        .map(
            run ->
                run.stream()
                    .filter(it -> zero.containsKey(it.key()))
                    .map(it -> it.minus(zero.get(it.key())))
                    .toList())
        .toList();
  }

  /** Of runs of one size, the one with the most checkpoints; the first by name of several. */
  private static List<List<Size>> onePerSize(List<List<Size>> runs) {
    Map<Long, List<Size>> bySize = new TreeMap<>();
    Comparator<List<Size>> better =
        Comparator.comparingInt((List<Size> it) -> it.size())
            .thenComparing(it -> it.getFirst().model(), Comparator.reverseOrder());
    for (List<Size> run : runs) {
      if (!run.isEmpty()) {
        bySize.merge(run.getFirst().parameters(), run, (a, b) -> better.compare(a, b) >= 0 ? a : b);
      }
    }
    return List.copyOf(bySize.values());
  }

  /** 0 where the runs have none in common but those before training. */
  private static long sharedTokens(List<List<Size>> runs) {
    TreeMap<Long, Integer> counts = new TreeMap<>();
    for (List<Size> run : runs) {
      run.stream()
          .map(Size::tokens)
          .filter(tokens -> tokens > 0)
          .distinct()
          .forEach(tokens -> counts.merge(tokens, 1, Integer::sum));
    }
    return counts.entrySet().stream()
        .max(
            Comparator.comparingInt(
                    (Map.Entry<Long, Integer> it) -> Math.min(it.getValue(), ScalingShape.LEAST))
                .thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .orElse(0L);
  }

  private static List<Size> sizes(List<List<Size>> runs, long tokens) {
    return runs.stream()
        .flatMap(run -> run.stream().filter(it -> it.tokens() == tokens).limit(1))
        .toList();
  }

  /**
   * @param all of runs on data of one variant and language
   * @param isOfSeveralLanguages whether there are others, so that the subject says which it is
   */
  private static void add(
      List<Finding> findings, boolean isOfSeveralLanguages, List<List<Size>> all, Integer shots) {
    List<List<Size>> runs = onePerSize(all);
    long tokens = sharedTokens(runs);
    List<Size> sizes = sizes(runs, tokens);
    if (tokens == 0 || sizes.size() < LEAST_TOLD) {
      return;
    }
    Scores any = sizes.getFirst().scores();
    RunSeries run = any.run();
    List<String> subject =
        new ArrayList<>(List.of(Findings.suite(run.getSuite()), run.getVariant()));
    if (isOfSeveralLanguages) {
      subject.add(run.getLanguage());
    }
    subject.addAll(List.of(run.getTask(), any.name(), Findings.measured(run)));
    if (shots != null) {
      subject.add("gain");
    }
    Finding.Builder finding =
        Findings.measuredAs(
            Findings.about(
                "scaling",
                subject,
                sizes.stream().map(Size::model).toList(),
                sizes.stream().map(Size::key).toList(),
                Math.max(ScalingShape.LEAST, runs.size()),
                ScalingShape.METHOD),
            any);
    double chance = shots == null ? any.chance() : 0;
    List<FittedShape> shapes = List.of();
    switch (ScalingShape.of(sizes.stream().map(Size::score).toList(), chance, Findings.ALPHA)) {
      case NotEnoughData none -> {}
      case Flat flat -> finding.setVerdict("flat").setPValue(flat.pValue());
      case Scaling scaling -> {
        Findings.effect(finding, scaling.change())
            .setVerdict(code(scaling.shape()))
            .setPValue(scaling.pValue());
        shapes = scaling.models().stream().map(it -> shape(it, sizes)).toList();
      }
    }
    findings.add(
        finding
            .setDetails(
                new ScalingCurve(
                    run.getVariant(),
                    shots,
                    tokens,
                    sizes.stream().map(Size::event).toList(),
                    shapes))
            .build());
  }

  private static String code(ScalingShape.Shape shape) {
    return switch (shape) {
      case LOG_LINEAR -> "log-linear";
      case LOG_LINEAR_ABOVE -> "log-linear-above";
      case SUDDEN -> "sudden";
      case UNDETERMINED -> "undetermined";
    };
  }

  private static FittedShape shape(Model model, List<Size> sizes) {
    return new FittedShape(
        code(model.shape()),
        model.parameters(),
        model.criterion(),
        parameters(model.from(), sizes),
        parameters(model.to(), sizes),
        Findings.known(model.slope()));
  }

  private static Long parameters(double place, List<Size> sizes) {
    return sizes.stream()
        .filter(it -> it.score().at() == place)
        .map(Size::parameters)
        .findFirst()
        .orElse(null);
  }
}
