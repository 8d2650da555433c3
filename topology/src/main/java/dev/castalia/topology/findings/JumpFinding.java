package dev.castalia.topology.findings;

import dev.castalia.events.Finding;
import dev.castalia.events.SuspiciousCheckpoints;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.findings.statistics.Jumps;
import dev.castalia.topology.findings.statistics.Jumps.Jump;
import dev.castalia.topology.findings.statistics.Measurement;
import dev.castalia.topology.state.RunSeries;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Checkpoints whose scores jump out of their run's trajectories and back. */
final class JumpFinding {

  private JumpFinding() {}

  /**
   * @param tasks the run's series
   */
  static Optional<Finding> of(List<RunSeries> tasks) {
    TreeMap<Long, String> checkpoints = new TreeMap<>();
    List<Scores> scores = new ArrayList<>();
    for (RunSeries task : tasks) {
      task.getCheckpoints().forEach(it -> checkpoints.put(it.getStep(), it.getRevision()));
      // One metric a task: others of it would count the same documents again.
      Scores.of(task).stream()
          .filter(it -> it.role() != Scores.Role.OTHER)
          .findFirst()
          .ifPresent(scores::add);
    }
    List<Long> steps = List.copyOf(checkpoints.keySet());
    List<List<Measurement>> aligned = scores.stream().map(task -> aligned(task, steps)).toList();
    List<Jump> jumps = Jumps.of(aligned, Findings.ALPHA);
    if (jumps.isEmpty()) {
      return Optional.empty();
    }
    RunSeries any = tasks.getFirst();
    List<String> keys =
        checkpoints.values().stream()
            .map(revision -> Keys.checkpoint(any.getModel(), revision))
            .toList();
    TreeSet<String> shownBy = new TreeSet<>();
    jumps.forEach(
        jump -> jump.tasks().forEach(task -> shownBy.add(scores.get(task).run().getTask())));
    Finding.Builder finding =
        Findings.measuredAs(
            Findings.about(
                "suspicious",
                List.of(
                    "jump",
                    Findings.run(any.getModel(), any.getParent()),
                    any.getDtype(),
                    source(any)),
                List.of(any.getModel()),
                keys,
                keys.size(),
                Jumps.METHOD),
            any);
    return Optional.of(
        finding
            .setVerdict("scores-jump")
            .setPValue(jumps.stream().mapToDouble(Jump::pValue).max().orElseThrow())
            .setDetails(
                new SuspiciousCheckpoints(
                    jumps.stream()
                        .sorted(Comparator.comparingInt(Jump::checkpoint))
                        .map(it -> keys.get(it.checkpoint()))
                        .toList(),
                    List.copyOf(shownBy),
                    List.of(),
                    null))
            .build());
  }

  private static String source(RunSeries run) {
    return run.getSource() == null ? "" : run.getSource();
  }

  private static List<Measurement> aligned(Scores task, List<Long> steps) {
    List<Measurement> aligned = new ArrayList<>();
    for (long step : steps) {
      int i = task.indexOf(step);
      aligned.add(i < 0 ? null : task.at(i));
    }
    return aligned;
  }
}
