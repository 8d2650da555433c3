package dev.castalia.topology.findings;

import dev.castalia.events.Finding;
import dev.castalia.events.SuspiciousCheckpoints;
import dev.castalia.topology.state.CheckpointDigest;
import dev.castalia.topology.state.RunDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Steps after a run's first that more than half of the suite's runs of its kind have and it has
 * not.
 */
final class MissingSteps {

  /** What fewer runs have in common is no custom. */
  private static final int LEAST_RUNS = 3;

  private MissingSteps() {}

  static List<Finding> of(List<RunDigest> runs) {
    List<Finding> findings = new ArrayList<>();
    for (boolean continued : new boolean[] {false, true}) {
      List<RunDigest> alike =
          runs.stream()
              .filter(it -> (it.getParent() != null) == continued)
              .filter(it -> !it.getCheckpoints().isEmpty())
              .toList();
      if (alike.size() >= LEAST_RUNS) {
        TreeSet<Long> usual = UsualSteps.of(alike.stream().map(MissingSteps::steps).toList());
        alike.forEach(run -> add(findings, run, usual));
      }
    }
    return findings;
  }

  private static TreeSet<Long> steps(RunDigest run) {
    TreeSet<Long> steps = new TreeSet<>();
    run.getCheckpoints().forEach(it -> steps.add(it.getStep()));
    return steps;
  }

  private static void add(List<Finding> findings, RunDigest run, TreeSet<Long> usual) {
    TreeSet<Long> steps = steps(run);
    TreeSet<Long> missing = new TreeSet<>(usual.tailSet(steps.first()));
    missing.removeAll(steps);
    if (missing.isEmpty()) {
      return;
    }
    List<String> keys = run.getCheckpoints().stream().map(CheckpointDigest::getCheckpoint).toList();
    findings.add(
        Findings.about(
                "suspicious",
                List.of(
                    "missing-steps",
                    Findings.suite(run.getSuite()),
                    run.getModel(),
                    run.getDtype(),
                    run.getSource() == null ? "" : run.getSource()),
                List.of(run.getModel()),
                keys,
                keys.size() + missing.size(),
                "majority-of-runs")
            .setVerdict("steps-missing")
            .setDtype(run.getDtype())
            .setSource(run.getSource())
            .setSuite(run.getSuite())
            .setDetails(new SuspiciousCheckpoints(List.of(), List.of(), List.copyOf(missing), null))
            .build());
  }
}
