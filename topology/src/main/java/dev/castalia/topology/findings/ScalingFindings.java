package dev.castalia.topology.findings;

import dev.castalia.events.Finding;
import dev.castalia.events.FittedShape;
import dev.castalia.events.ScalingCurve;
import dev.castalia.events.SizePoint;
import dev.castalia.topology.findings.statistics.Measurement;
import dev.castalia.topology.findings.statistics.ScalingShape;
import dev.castalia.topology.findings.statistics.ScalingShape.Flat;
import dev.castalia.topology.findings.statistics.ScalingShape.Model;
import dev.castalia.topology.findings.statistics.ScalingShape.NotEnoughData;
import dev.castalia.topology.findings.statistics.ScalingShape.Scaling;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a score, and what few-shot examples add to it, depends on size, after equally many training
 * tokens: those that most sizes have in common, and of these the most.
 */
final class ScalingFindings {

  /** With one size nothing is said, not even that it is not enough. */
  private static final int LEAST_TOLD = 2;

  private record Size(Scores scores, int checkpoint, Measurement score) {

    SizePoint event() {
      return new SizePoint(
          scores.key(checkpoint),
          scores.run().getParameters(),
          score.value(),
          Findings.known(score.stderr()));
    }
  }

  private ScalingFindings() {}

  /**
   * @param group scores by one metric on one task, of runs of one suite
   */
  static List<Finding> of(List<Scores> group) {
    TreeMap<String, TreeMap<Integer, List<Scores>>> byVariant = new TreeMap<>();
    for (Scores scores : group) {
      byVariant
          .computeIfAbsent(scores.run().getVariant(), it -> new TreeMap<>())
          .computeIfAbsent(scores.run().getShots(), it -> new ArrayList<>())
          .add(scores);
    }
    List<Finding> findings = new ArrayList<>();
    byVariant.forEach(
        (variant, byShots) ->
            byShots.forEach(
                (shots, scores) -> {
                  List<Scores> runs = onePerSize(scores);
                  long tokens = sharedTokens(runs);
                  List<Size> sizes = sizes(runs, tokens);
                  add(findings, variant, tokens, sizes, null);
                  if (shots > 0 && byShots.containsKey(0)) {
                    List<Size> zeroShot = sizes(onePerSize(byShots.get(0)), tokens);
                    add(findings, variant, tokens, gains(sizes, zeroShot), shots);
                  }
                }));
    return findings;
  }

  /** Of runs of one size, the one with the most checkpoints; the first by name of several. */
  private static List<Scores> onePerSize(List<Scores> runs) {
    Map<Long, Scores> bySize = new TreeMap<>();
    Comparator<Scores> better =
        Comparator.comparingInt((Scores it) -> it.there().size())
            .thenComparing(it -> it.run().getModel(), Comparator.reverseOrder());
    for (Scores run : runs) {
      bySize.merge(run.run().getParameters(), run, (a, b) -> better.compare(a, b) >= 0 ? a : b);
    }
    return List.copyOf(bySize.values());
  }

  private static long sharedTokens(List<Scores> runs) {
    TreeMap<Long, Integer> counts = new TreeMap<>();
    for (Scores run : runs) {
      run.there().stream()
          .map(i -> run.checkpoint(i).getTokensSeen())
          .distinct()
          .forEach(tokens -> counts.merge(tokens, 1, Integer::sum));
    }
    return counts.entrySet().stream()
        .max(Map.Entry.<Long, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .orElse(0L);
  }

  private static List<Size> sizes(List<Scores> runs, long tokens) {
    List<Size> sizes = new ArrayList<>();
    for (Scores run : runs) {
      run.there().stream()
          .filter(i -> run.checkpoint(i).getTokensSeen() == tokens)
          .findFirst()
          .ifPresent(
              i ->
                  sizes.add(
                      new Size(
                          run,
                          i,
                          new Measurement(
                              Math.log10(run.run().getParameters()),
                              run.value(i),
                              run.stderr(i)))));
    }
    return sizes;
  }

  private static List<Size> gains(List<Size> fewShot, List<Size> zeroShot) {
    List<Size> gains = new ArrayList<>();
    for (Size few : fewShot) {
      zeroShot.stream()
          .filter(it -> it.score().at() == few.score().at())
          .findFirst()
          .ifPresent(
              zero ->
                  gains.add(
                      new Size(
                          few.scores(),
                          few.checkpoint(),
                          new Measurement(
                              few.score().at(),
                              few.score().value() - zero.score().value(),
                              Math.hypot(few.score().stderr(), zero.score().stderr())))));
    }
    return gains;
  }

  private static void add(
      List<Finding> findings, String variant, long tokens, List<Size> sizes, Integer shots) {
    if (sizes.size() < LEAST_TOLD) {
      return;
    }
    Scores any = sizes.getFirst().scores();
    List<String> subject =
        new ArrayList<>(
            List.of(
                Findings.suite(any.run().getSuite()),
                variant,
                any.run().getTask(),
                any.name(),
                Findings.measured(any.run())));
    if (shots != null) {
      subject.add("gain");
    }
    Finding.Builder finding =
        Findings.measuredAs(
            Findings.about(
                "scaling",
                subject,
                sizes.stream().map(it -> it.scores().run().getModel()).toList(),
                sizes.stream().map(it -> it.scores().key(it.checkpoint())).toList(),
                Math.max(ScalingShape.LEAST, sizes.size()),
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
                    variant, shots, tokens, sizes.stream().map(Size::event).toList(), shapes))
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
        .map(it -> it.scores().run().getParameters())
        .findFirst()
        .orElse(null);
  }
}
