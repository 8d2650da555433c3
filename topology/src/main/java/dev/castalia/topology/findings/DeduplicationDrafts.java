package dev.castalia.topology.findings;

import dev.castalia.events.DeduplicationEffect;
import dev.castalia.events.Finding;
import dev.castalia.events.RunPair;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.documents.Counterparts;
import dev.castalia.topology.findings.statistics.Measurement;
import dev.castalia.topology.findings.statistics.PairedDifference;
import dev.castalia.topology.findings.statistics.PairedDifference.NotEnoughData;
import dev.castalia.topology.findings.statistics.PairedDifference.Tested;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;

/**
 * What other data change against the standard ones, from pairs of runs that differ in them alone:
 * the same size and seed. Steps count from a tenth of the training on; before, no run has learnt
 * what data could change. Checkpoints that are identical are left out. Of a bias, what is tested is
 * by how much farther from its target the others are.
 *
 * <p>What runs memorize differs between sizes by far more than between runs of a size: there the
 * documents are the sample, and the finding is of these runs.
 *
 * <p>Where both scores of a step are of documents that are known one by one, the error of their
 * difference is that of the documents' differences; else of two independent scores.
 *
 * <p>The verdict is that of an effect; whether there is one is decided over all tasks.
 */
final class DeduplicationDrafts {

  static final String KIND = "deduplication";

  private static final double BEGUN = 0.1;

  /**
   * A step that both runs have.
   *
   * @param standard index in the standard run's scores
   * @param other index in the other's
   */
  private record Step(int standard, int other, PairedDocuments.Error error) {}

  /** Two runs, and the steps that both have. */
  private record Pair(Scores standard, Scores other, List<Step> steps, int identical) {

    static Pair of(Scores standard, Scores other, PairedDocuments documents) {
      long last =
          standard.there().stream()
              .filter(i -> other.indexOf(standard.step(i)) >= 0)
              .mapToLong(standard::step)
              .max()
              .orElse(0);
      List<Step> steps = new ArrayList<>();
      int identical = 0;
      for (int i : standard.there()) {
        int j = other.indexOf(standard.step(i));
        if (j < 0 || standard.step(i) < BEGUN * last) {
          continue;
        }
        if (standard.isIdentical(i, other, j)) {
          identical++;
        } else {
          steps.add(new Step(i, j, documents.of(standard, i, other, j)));
        }
      }
      return new Pair(standard, other, steps, identical);
    }

    double difference() {
      return difference(DoubleUnaryOperator.identity());
    }

    /** What tells whether the other data help. */
    double effect() {
      if (standard.role() != Scores.Role.BIAS) {
        return difference();
      }
      double target = standard.metric().getTarget();
      return difference(score -> Math.abs(score - target));
    }

    private double difference(DoubleUnaryOperator measure) {
      return steps.stream()
          .mapToDouble(
              it ->
                  measure.applyAsDouble(other.value(it.other()))
                      - measure.applyAsDouble(standard.value(it.standard())))
          .average()
          .orElse(Double.NaN);
    }

    /** The steps are scored on the same documents: their mean is no better known than one. */
    double stderr() {
      return steps.stream().mapToDouble(it -> it.error().stderr()).average().orElse(Double.NaN);
    }

    /** How many were compared one by one at every step; 0 where at some step none were. */
    int documents() {
      return steps.stream().mapToInt(it -> it.error().documents()).min().orElse(0);
    }

    RunPair event() {
      return new RunPair(
          standard.run().getParameters(),
          standard.run().getModel(),
          other.run().getModel(),
          steps.size(),
          difference(),
          Findings.known(stderr()),
          documents() == 0 ? null : Integer.valueOf(documents()),
          identical);
    }
  }

  private DeduplicationDrafts() {}

  /**
   * @param group scores by one metric on one task, of runs of one suite
   * @param documents of the task
   */
  static List<Finding> of(List<Scores> group, PairedDocuments documents) {
    Set<String> variants = new TreeSet<>();
    TreeMap<Integer, List<Scores>> byShots = new TreeMap<>();
    for (Scores scores : group) {
      variants.add(scores.run().getVariant());
      byShots.computeIfAbsent(scores.run().getShots(), it -> new ArrayList<>()).add(scores);
    }
    variants.remove(Counterparts.STANDARD);
    List<Finding> drafts = new ArrayList<>();
    for (String variant : variants) {
      byShots.values().stream()
          .map(scores -> pairs(scores, variant, documents))
          .filter(pairs -> !pairs.isEmpty())
          .forEach(pairs -> drafts.add(draft(variant, pairs)));
    }
    return drafts;
  }

  private static List<Pair> pairs(List<Scores> group, String variant, PairedDocuments documents) {
    List<Pair> pairs = new ArrayList<>();
    for (Scores other : group) {
      if (!other.run().getVariant().equals(variant)) {
        continue;
      }
      group.stream()
          .filter(it -> it.run().getVariant().equals(Counterparts.STANDARD))
          .filter(it -> it.run().getParameters() == other.run().getParameters())
          .filter(it -> Objects.equals(it.run().getSeed(), other.run().getSeed()))
          .filter(it -> it.run().getLanguage().equals(other.run().getLanguage()))
          .findFirst()
          .map(standard -> Pair.of(standard, other, documents))
          .filter(pair -> !pair.steps().isEmpty() || pair.identical() > 0)
          .ifPresent(pairs::add);
    }
    pairs.sort(
        Comparator.comparingLong((Pair it) -> it.standard().run().getParameters())
            .thenComparing(it -> it.other().run().getModel()));
    return pairs;
  }

  private static Finding draft(String variant, List<Pair> all) {
    Scores any = all.getFirst().standard();
    List<Pair> pairs = all.stream().filter(it -> !it.steps().isEmpty()).toList();
    boolean ofTheseRuns = any.role() == Scores.Role.MEMORIZATION;
    Finding.Builder finding =
        Findings.measuredAs(
            Findings.about(
                KIND,
                List.of(
                    Findings.suite(any.run().getSuite()),
                    variant,
                    any.run().getTask(),
                    any.name(),
                    Findings.measured(any.run())),
                models(all),
                evidence(pairs),
                expected(all),
                method(ofTheseRuns, pairs)),
            any);
    List<Measurement> differences =
        pairs.stream()
            .map(
                it ->
                    new Measurement(it.standard().run().getParameters(), it.effect(), it.stderr()))
            .toList();
    PairedDifference.Verdict verdict =
        ofTheseRuns
            ? PairedDifference.ofTheseRuns(differences, Findings.CONFIDENCE)
            : PairedDifference.of(differences, Findings.CONFIDENCE);
    switch (verdict) {
      case NotEnoughData none -> {}
      case Tested tested ->
          Findings.effect(finding, tested.effect())
              .setVerdict(verdict(any, tested.effect().estimate()))
              .setPValue(tested.pValue());
    }
    return finding
        .setDetails(
            new DeduplicationEffect(
                variant, ofTheseRuns, all.stream().map(Pair::event).toList(), 0))
        .build();
  }

  /** Only a test that takes the documents as the sample is another one where they are paired. */
  private static String method(boolean ofTheseRuns, List<Pair> pairs) {
    if (!ofTheseRuns) {
      return PairedDifference.METHOD;
    }
    return !pairs.isEmpty() && pairs.stream().allMatch(it -> it.documents() > 0)
        ? PairedDifference.METHOD_BY_DOCUMENT
        : PairedDifference.METHOD_OF_THESE_RUNS;
  }

  private static String verdict(Scores scores, double effect) {
    return switch (scores.role()) {
      case MEMORIZATION -> effect > 0 ? "raises" : "lowers";
      case BIAS -> effect > 0 ? "hurts" : "helps";
      case ABILITY, OTHER -> scores.sign() * effect > 0 ? "helps" : "hurts";
    };
  }

  private static List<String> models(List<Pair> pairs) {
    List<String> models = new ArrayList<>();
    for (Pair pair : pairs) {
      models.add(pair.standard().run().getModel());
      models.add(pair.other().run().getModel());
    }
    return models;
  }

  private static List<String> evidence(List<Pair> pairs) {
    List<String> evidence = new ArrayList<>();
    for (Pair pair : pairs) {
      for (Step step : pair.steps()) {
        evidence.add(pair.standard().key(step.standard()));
        evidence.add(pair.other().key(step.other()));
      }
    }
    return evidence;
  }

  /** Every step from a tenth on that any of the runs has, of every run. */
  private static int expected(List<Pair> pairs) {
    Set<Long> steps = new TreeSet<>();
    for (Pair pair : pairs) {
      pair.standard().there().forEach(i -> steps.add(pair.standard().step(i)));
      pair.other().there().forEach(i -> steps.add(pair.other().step(i)));
    }
    double begun = BEGUN * steps.stream().mapToLong(Long::longValue).max().orElse(0);
    return (int) steps.stream().filter(step -> step >= begun).count() * 2 * pairs.size();
  }

  /** The key of the run pair's size in the summary over tasks. */
  static String size(RunPair pair) {
    return pair.getStandard() + Keys.SEPARATOR + pair.getOther();
  }
}
