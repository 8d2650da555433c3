package dev.castalia.topology.findings;

import dev.castalia.events.DeduplicationEffect;
import dev.castalia.events.Finding;
import dev.castalia.events.RunPair;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.Rhythm;
import dev.castalia.topology.TopologyMonitor;
import dev.castalia.topology.findings.FindingsOutput.Found;
import dev.castalia.topology.findings.statistics.FalseDiscovery;
import dev.castalia.topology.findings.statistics.Measurement;
import dev.castalia.topology.findings.statistics.PairedDifference;
import dev.castalia.topology.findings.statistics.PairedDifference.Tested;
import dev.castalia.topology.state.RunDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/** What spans the tasks and the runs of a suite. */
public final class SuiteFindings implements Recomputer.Computation<SpecificRecord> {

  private SuiteFindings() {}

  public static ProcessorSupplier<String, SpecificRecord, String, FindingsOutput> supplier(
      Rhythm rhythm, TopologyMonitor monitor) {
    return Recomputer.supplier(
        "suite-findings",
        rhythm,
        monitor,
        SpecificRecord.class,
        SuiteFindings::new,
        Finding.class,
        RunDigest.class);
  }

  @Override
  public String row(SpecificRecord value) {
    return switch (value) {
      case Finding draft -> draft.getFinding();
      case RunDigest run -> RunDigests.id(run);
      default -> throw new IllegalStateException("not for a suite: " + value);
    };
  }

  @Override
  public boolean isGone(SpecificRecord value) {
    return switch (value) {
      case Finding draft -> draft.getVerdict().isEmpty();
      case RunDigest run -> run.getCheckpoints().isEmpty();
      default -> false;
    };
  }

  @Override
  public Map<String, List<FindingsOutput>> compute(
      String key, Map<String, SpecificRecord> rows, Set<String> changed) {
    List<Finding> drafts = only(rows, Finding.class);
    List<RunDigest> runs = only(rows, RunDigest.class);
    List<FindingsOutput> suspicious = new ArrayList<>();
    IdenticalFindings.of(runs).forEach(it -> suspicious.add(new Found(it)));
    MissingSteps.of(runs).forEach(it -> suspicious.add(new Found(it)));
    return Map.of("deduplication", deduplication(drafts), "suspicious", suspicious);
  }

  private static <T> List<T> only(Map<String, SpecificRecord> rows, Class<T> type) {
    return rows.values().stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static List<FindingsOutput> deduplication(List<Finding> drafts) {
    Map<String, List<Finding>> families = new TreeMap<>();
    for (Finding draft : drafts) {
      DeduplicationEffect effect = (DeduplicationEffect) draft.getDetails();
      String family =
          String.join(
              Keys.SEPARATOR,
              effect.getVariant(),
              Boolean.toString(effect.getMemorization()),
              Integer.toString(draft.getShots()));
      families.computeIfAbsent(family, it -> new ArrayList<>()).add(draft);
    }
    List<FindingsOutput> found = new ArrayList<>();
    families.values().forEach(family -> decide(family).forEach(it -> found.add(new Found(it))));
    return found;
  }

  /** The drafts with their verdicts, at a rate of false discoveries; and one over all abilities. */
  private static List<Finding> decide(List<Finding> drafts) {
    List<Finding> tested = drafts.stream().filter(it -> it.getPValue() != null).toList();
    double[] adjusted =
        FalseDiscovery.adjusted(tested.stream().mapToDouble(Finding::getPValue).toArray());
    List<Finding> decided = new ArrayList<>();
    for (int i = 0; i < adjusted.length; i++) {
      Finding.Builder finding = Finding.newBuilder(tested.get(i)).setQValue(adjusted[i]);
      if (adjusted[i] > Findings.ALPHA) {
        finding.setVerdict(Findings.NO_DIFFERENCE);
      }
      decided.add(withTests(finding, adjusted.length));
    }
    drafts.stream()
        .filter(it -> it.getPValue() == null)
        .map(it -> withTests(Finding.newBuilder(it), adjusted.length))
        .forEach(decided::add);
    Finding overall = overall(drafts);
    if (overall != null) {
      decided.add(overall);
    }
    return decided;
  }

  private static Finding withTests(Finding.Builder finding, int tests) {
    DeduplicationEffect details = (DeduplicationEffect) finding.getDetails();
    return finding
        .setDetails(DeduplicationEffect.newBuilder(details).setTests(tests).build())
        .build();
  }

  /** The mean over all tasks scored by accuracy, tested over pairs of runs as each task is. */
  private static Finding overall(List<Finding> drafts) {
    List<Finding> accuracies = drafts.stream().filter(it -> it.getMetric().equals("acc")).toList();
    if (accuracies.size() < 2) {
      return null;
    }
    Map<String, List<RunPair>> byPair = new TreeMap<>();
    Set<String> models = new TreeSet<>();
    Set<String> evidence = new TreeSet<>();
    for (Finding draft : accuracies) {
      models.addAll(draft.getModels());
      evidence.addAll(draft.getEvidence());
      ((DeduplicationEffect) draft.getDetails())
          .getPairs().stream()
              .filter(it -> it.getSteps() > 0)
              .forEach(
                  it ->
                      byPair
                          .computeIfAbsent(DeduplicationDrafts.size(it), size -> new ArrayList<>())
                          .add(it));
    }
    // Every pair must be the mean of the same tasks.
    List<RunPair> means =
        byPair.values().stream()
            .filter(it -> it.size() == accuracies.size())
            .map(SuiteFindings::mean)
            .toList();
    Finding any = accuracies.getFirst();
    DeduplicationEffect details = (DeduplicationEffect) any.getDetails();
    Finding.Builder finding =
        Findings.about(
                DeduplicationDrafts.KIND,
                List.of(
                    Findings.suite(any.getSuite()),
                    details.getVariant(),
                    "*",
                    any.getMetric(),
                    Keys.measured(any.getShots(), any.getDtype(), any.getSource())),
                models,
                evidence,
                accuracies.stream().mapToInt(Finding::getExpected).max().orElse(0),
                PairedDifference.METHOD)
            .setDtype(any.getDtype())
            .setSource(any.getSource())
            .setSuite(any.getSuite())
            .setShots(any.getShots())
            .setMetric(any.getMetric())
            .setDetails(
                new DeduplicationEffect(details.getVariant(), false, means, accuracies.size()));
    List<Measurement> differences =
        means.stream()
            .map(
                it ->
                    new Measurement(
                        it.getParameters(),
                        it.getDifference(),
                        it.getStderr() == null ? Double.NaN : it.getStderr()))
            .toList();
    if (PairedDifference.of(differences, Findings.CONFIDENCE) instanceof Tested tested) {
      double effect = tested.effect().estimate();
      Findings.effect(finding, tested.effect())
          .setPValue(tested.pValue())
          .setVerdict(
              tested.pValue() > Findings.ALPHA
                  ? Findings.NO_DIFFERENCE
                  : effect > 0 ? "helps" : "hurts");
    }
    return finding.build();
  }

  private static RunPair mean(List<RunPair> tasks) {
    RunPair any = tasks.getFirst();
    double variance =
        tasks.stream()
            .mapToDouble(it -> it.getStderr() == null ? Double.NaN : Math.pow(it.getStderr(), 2))
            .sum();
    return new RunPair(
        any.getParameters(),
        any.getStandard(),
        any.getOther(),
        tasks.stream().mapToInt(RunPair::getSteps).min().orElseThrow(),
        tasks.stream().mapToDouble(RunPair::getDifference).average().orElseThrow(),
        Findings.known(Math.sqrt(variance) / tasks.size()),
        tasks.stream().allMatch(it -> it.getDocuments() != null)
            ? Integer.valueOf(tasks.stream().mapToInt(RunPair::getDocuments).sum())
            : null,
        tasks.stream().mapToInt(RunPair::getIdentical).max().orElseThrow());
  }
}
