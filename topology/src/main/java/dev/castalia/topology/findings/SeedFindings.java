package dev.castalia.topology.findings;

import dev.castalia.events.Finding;
import dev.castalia.events.SeedRun;
import dev.castalia.events.SeedSpread;
import dev.castalia.events.StepEstimate;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.findings.statistics.Acquisition.Acquired;
import dev.castalia.topology.findings.statistics.Measurement;
import dev.castalia.topology.findings.statistics.RunSpread;
import dev.castalia.topology.findings.statistics.RunSpread.NotEnoughData;
import dev.castalia.topology.findings.statistics.RunSpread.Tested;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Whether runs that differ in seed or data order alone go other ways, and end elsewhere. */
final class SeedFindings {

  private SeedFindings() {}

  /**
   * @param group scores by one metric on one task, of runs of one suite
   */
  static List<Finding> of(List<Scores> group) {
    TreeMap<String, List<Scores>> alike = new TreeMap<>();
    for (Scores scores : group) {
      String likeness =
          String.join(
              Keys.SEPARATOR,
              Findings.suite(scores.run().getSuite()),
              Long.toString(scores.run().getParameters()),
              scores.run().getVariant(),
              scores.run().getLanguage(),
              scores.run().getTask(),
              scores.name(),
              Findings.measured(scores.run()));
      alike.computeIfAbsent(likeness, it -> new ArrayList<>()).add(scores);
    }
    List<Finding> findings = new ArrayList<>();
    alike.forEach(
        (likeness, runs) -> {
          long seeds =
              runs.stream()
                  .map(it -> it.run().getSeed())
                  .filter(Objects::nonNull)
                  .distinct()
                  .count();
          if (seeds > 1) {
            findings.add(finding(likeness, runs));
          }
        });
    return findings;
  }

  private static Finding finding(String likeness, List<Scores> unordered) {
    List<Scores> runs =
        unordered.stream().sorted(Comparator.comparing(it -> it.run().getModel())).toList();
    Set<Long> all = new TreeSet<>();
    runs.forEach(run -> all.addAll(run.steps()));
    List<Scores> compared = atTheEnd(runs);
    Set<Long> shared = new TreeSet<>(all);
    compared.forEach(run -> shared.retainAll(run.steps()));
    List<Long> steps = List.copyOf(shared);
    List<String> evidence = new ArrayList<>();
    List<List<Measurement>> scores = new ArrayList<>();
    List<Measurement> acquisitions = new ArrayList<>();
    List<SeedRun> events = new ArrayList<>();
    for (Scores run : compared) {
      scores.add(steps.stream().map(step -> run.at(run.indexOf(step))).toList());
      steps.forEach(step -> evidence.add(run.key(run.indexOf(step))));
      StepEstimate acquired = null;
      if (run.role() != Scores.Role.BIAS
          && AcquisitionFinding.verdict(run, steps.stream().map(run::indexOf).toList())
              instanceof Acquired found) {
        acquisitions.add(
            new Measurement(acquisitions.size(), found.at().estimate(), found.spread()));
        acquired = Findings.step(found.at());
      }
      if (!steps.isEmpty()) {
        int last = run.indexOf(steps.getLast());
        events.add(
            new SeedRun(
                run.run().getModel(),
                run.run().getSeed(),
                run.value(last),
                Findings.known(run.stderr(last)),
                acquired));
      }
    }
    Finding.Builder finding =
        Findings.measuredAs(
            Findings.about(
                "seeds",
                List.of(likeness),
                runs.stream().map(it -> it.run().getModel()).toList(),
                evidence,
                runs.size() * all.size(),
                RunSpread.METHOD),
            runs.getFirst());
    switch (RunSpread.of(scores, acquisitions, Findings.ALPHA)) {
      case NotEnoughData none -> {}
      case Tested tested -> tested(finding, tested, events);
    }
    return finding.build();
  }

  private static void tested(Finding.Builder finding, Tested tested, List<SeedRun> runs) {
    if (tested.ratio() != null) {
      Findings.effect(finding, tested.ratio());
    }
    finding
        .setVerdict(
            switch (tested.difference()) {
              case NONE -> Findings.NO_DIFFERENCE;
              case WAY -> "way-differs";
              case END -> "end-differs";
              case WAY_AND_END -> "way-and-end-differ";
            })
        .setDetails(
            new SeedSpread(
                runs,
                Findings.known(tested.ends()),
                Findings.known(tested.middles()),
                tested.middleSteps().stream().map(Measurement::step).toList(),
                Findings.known(tested.endPValue()),
                Findings.known(tested.middlePValue()),
                Findings.known(tested.acquisitionPValue())));
  }

  /**
   * Runs that have the last step that more than half of them have: of one that is scored up to an
   * earlier step only, or has diverged, the end is not known.
   */
  private static List<Scores> atTheEnd(List<Scores> runs) {
    TreeSet<Long> usual = UsualSteps.of(runs.stream().map(Scores::steps).toList());
    return usual.isEmpty()
        ? List.of()
        : runs.stream().filter(run -> run.indexOf(usual.last()) >= 0).toList();
  }
}
