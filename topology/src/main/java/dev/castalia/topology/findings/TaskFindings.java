package dev.castalia.topology.findings;

import dev.castalia.schemas.Keys;
import dev.castalia.topology.Rhythm;
import dev.castalia.topology.TopologyMonitor;
import dev.castalia.topology.findings.FindingsOutput.Found;
import dev.castalia.topology.findings.statistics.Phases;
import dev.castalia.topology.state.DocumentPair;
import dev.castalia.topology.state.RunSeries;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/**
 * What the runs tell on one task: each alone (bias trajectory, acquisition) and side by side
 * (deduplication, seeds, scaling).
 */
public final class TaskFindings implements Recomputer.Computation<SpecificRecord> {

  /**
   * By key and row: the expected steps that its findings were computed with. Only spares work; what
   * is not in here is computed.
   */
  private final Map<String, Integer> expectedBefore = new HashMap<>();

  private TaskFindings() {}

  public static ProcessorSupplier<String, SpecificRecord, String, FindingsOutput> supplier(
      Rhythm rhythm, TopologyMonitor monitor) {
    return Recomputer.supplier(
        "task-findings",
        rhythm,
        monitor,
        SpecificRecord.class,
        TaskFindings::new,
        RunSeries.class,
        DocumentPair.class);
  }

  /** What series that are compared with each other have in common, and pairs of their documents. */
  public static String key(SpecificRecord row) {
    return switch (row) {
      case RunSeries series -> key(series.getTask(), series.getDtype(), series.getSource());
      case DocumentPair pair -> key(pair.getTask(), pair.getDtype(), null);
      default -> throw new IllegalStateException("not for a task: " + row);
    };
  }

  private static String key(String task, String dtype, String source) {
    return String.join(Keys.SEPARATOR, task, dtype, source == null ? "" : source);
  }

  @Override
  public String row(SpecificRecord row) {
    return switch (row) {
      case RunSeries series -> series.getModel() + Keys.SEPARATOR + series.getShots();
      case DocumentPair pair -> PairedDocuments.key(pair);
      default -> throw new IllegalStateException("not for a task: " + row);
    };
  }

  @Override
  public Map<String, List<FindingsOutput>> compute(
      String key, Map<String, SpecificRecord> all, Set<String> changed) {
    Map<String, RunSeries> rows = new TreeMap<>();
    all.forEach(
        (row, value) -> {
          if (value instanceof RunSeries run) {
            rows.put(row, run);
          }
        });
    Map<String, List<FindingsOutput>> outputs = new LinkedHashMap<>();
    rows.forEach(
        (row, run) -> {
          int expected = expectedSteps(run, rows);
          Integer before = expectedBefore.put(key + Keys.SEPARATOR + row, expected);
          if (changed.contains(row) || before == null || before != expected) {
            outputs.put(row, alone(run, expected));
          }
        });
    outputs.put("*", together(comparable(rows), new PairedDocuments(all)));
    return outputs;
  }

  /** How many steps are known of the run and of those like it. */
  private static int expectedSteps(RunSeries run, Map<String, RunSeries> rows) {
    Set<Long> steps = new TreeSet<>();
    for (RunSeries other : rows.values()) {
      if (Findings.suite(other.getSuite()).equals(Findings.suite(run.getSuite()))
          && other.getShots() == run.getShots()
          && (other.getParent() == null) == (run.getParent() == null)) {
        other.getCheckpoints().forEach(it -> steps.add(it.getStep()));
      }
    }
    return steps.size();
  }

  private static List<FindingsOutput> alone(RunSeries run, int expected) {
    List<FindingsOutput> found = new ArrayList<>();
    for (Scores scores : Scores.of(run)) {
      switch (scores.role()) {
        case BIAS -> {
          if (run.getParent() == null || run.getCheckpoints().size() >= Phases.LEAST) {
            found.add(new Found(BiasFinding.of(scores, expected)));
          }
        }
        case ABILITY, MEMORIZATION -> {
          if (run.getParent() == null) {
            found.add(new Found(AcquisitionFinding.of(scores, expected)));
          }
        }
        case OTHER -> {}
      }
    }
    return found;
  }

  /**
   * Runs on the latest version of the task that has a checkpoint, from scratch; those that go on
   * from others are not comparable.
   */
  private static List<RunSeries> comparable(Map<String, RunSeries> rows) {
    List<RunSeries> scored =
        rows.values().stream().filter(it -> !it.getCheckpoints().isEmpty()).toList();
    RunSeries latest =
        scored.stream()
            .max(
                Comparator.comparingLong(RunSeries::getTaskRegisteredAt)
                    .thenComparing(RunSeries::getVersion))
            .orElse(null);
    return scored.stream()
        .filter(it -> it.getVersion().equals(latest.getVersion()))
        .filter(it -> it.getParent() == null)
        .toList();
  }

  private static List<FindingsOutput> together(List<RunSeries> runs, PairedDocuments documents) {
    Map<String, List<Scores>> groups = new LinkedHashMap<>();
    for (RunSeries run : runs) {
      for (Scores scores : Scores.of(run)) {
        if (scores.role() != Scores.Role.OTHER) {
          String group = String.join(Keys.SEPARATOR, Findings.suite(run.getSuite()), scores.name());
          groups.computeIfAbsent(group, it -> new ArrayList<>()).add(scores);
        }
      }
    }
    List<FindingsOutput> found = new ArrayList<>();
    for (List<Scores> group : groups.values()) {
      DeduplicationDrafts.of(group, documents)
          .forEach(draft -> found.add(new FindingsOutput.Drafted(draft)));
      SeedFindings.of(group).forEach(it -> found.add(new Found(it)));
      ScalingFindings.of(group).forEach(it -> found.add(new Found(it)));
    }
    return found;
  }
}
