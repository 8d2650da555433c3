package dev.castalia.topology.findings;

import dev.castalia.events.Finding;
import dev.castalia.events.SuspiciousCheckpoints;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.state.CheckpointDigest;
import dev.castalia.topology.state.RunDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checkpoints under different names whose weights, or all whose scores, are identical. To be
 * expected are step 0 of runs of one size and seed, the first step of one run where the warm-up
 * moved nothing, and a continued run's step 0.
 */
final class IdenticalFindings {

  /** So many scores do not all agree by chance, those left out that are all right or all wrong. */
  private static final int LEAST_SCORES = 8;

  private record Checkpoint(RunDigest run, CheckpointDigest digest) {
    String key() {
      return digest.getCheckpoint();
    }
  }

  private IdenticalFindings() {}

  static List<Finding> of(List<RunDigest> runs) {
    Map<String, Map<String, Checkpoint>> byWeights = new TreeMap<>();
    Map<Long, Map<String, Checkpoint>> byResults = new HashMap<>();
    for (RunDigest run : runs) {
      for (CheckpointDigest digest : run.getCheckpoints()) {
        Checkpoint checkpoint = new Checkpoint(run, digest);
        if (digest.getFingerprint() != null) {
          byWeights
              .computeIfAbsent(digest.getFingerprint(), it -> new TreeMap<>())
              .put(checkpoint.key(), checkpoint);
        } else if (digest.getCount() >= LEAST_SCORES) {
          byResults
              .computeIfAbsent(digest.getResults(), it -> new TreeMap<>())
              .put(checkpoint.key(), checkpoint);
        }
      }
    }
    List<Finding> findings = new ArrayList<>();
    byWeights.values().stream()
        .filter(it -> it.size() > 1)
        .forEach(it -> findings.add(finding("identical-weights", List.copyOf(it.values()))));
    byResults.values().stream()
        .filter(it -> it.size() > 1)
        .forEach(it -> findings.add(finding("identical-results", List.copyOf(it.values()))));
    return findings;
  }

  private static Finding finding(String verdict, List<Checkpoint> checkpoints) {
    RunDigest run = checkpoints.getFirst().run();
    List<String> keys = checkpoints.stream().map(Checkpoint::key).toList();
    String reason = reason(checkpoints);
    return Findings.about(
            "suspicious",
            List.of(
                "identical",
                Findings.suite(run.getSuite()),
                keys.getFirst(),
                run.getDtype(),
                run.getSource() == null ? "" : run.getSource()),
            checkpoints.stream().map(it -> it.run().getModel()).toList(),
            keys,
            keys.size(),
            verdict.equals("identical-weights") ? "fingerprints" : "equal-scores")
        .setVerdict(reason == null ? verdict : "expected-identity")
        .setDtype(run.getDtype())
        .setSource(run.getSource())
        .setSuite(run.getSuite())
        .setDetails(new SuspiciousCheckpoints(keys, List.of(), List.of(), reason))
        .build();
  }

  /** Why they are identical; null where nothing explains it. */
  private static String reason(List<Checkpoint> checkpoints) {
    Checkpoint first = checkpoints.getFirst();
    boolean parents =
        checkpoints.stream()
            .anyMatch(it -> it.run().getParent() != null && it.digest().getStep() == 0);
    if (parents) {
      Set<String> origins = new HashSet<>();
      checkpoints.forEach(
          it ->
              origins.add(
                  it.run().getParent() != null && it.digest().getStep() == 0
                      ? it.run().getParent()
                      : it.key()));
      return origins.size() == 1 ? "parent" : null;
    }
    boolean oneInitialisation =
        checkpoints.stream()
            .allMatch(
                it ->
                    it.digest().getStep() <= 1
                        && it.run().getParent() == null
                        && it.run().getParameters() == first.run().getParameters()
                        && Objects.equals(it.run().getSeed(), first.run().getSeed()));
    if (!oneInitialisation) {
      return null;
    }
    boolean oneRun = checkpoints.stream().map(it -> Keys.model(it.key())).distinct().count() == 1;
    return oneRun ? "no-warm-up-step" : "same-initialisation";
  }
}
