package dev.castalia.topology.findings;

import dev.castalia.schemas.Keys;
import dev.castalia.topology.Bounds;
import dev.castalia.topology.Rhythm;
import dev.castalia.topology.TopologyMonitor;
import dev.castalia.topology.findings.FindingsOutput.Digested;
import dev.castalia.topology.findings.FindingsOutput.Found;
import dev.castalia.topology.state.RunSeries;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/** What the tasks tell of one run, and of the runs that went on from it. */
public final class RunFindings implements Recomputer.Computation<RunSeries> {

  private RunFindings() {}

  public static ProcessorSupplier<String, RunSeries, String, FindingsOutput> supplier(
      Rhythm rhythm, TopologyMonitor monitor) {
    return Recomputer.supplier(
        "run-findings", rhythm, monitor, RunSeries.class, RunFindings::new, RunSeries.class);
  }

  /** What series of a run and of those that went on from it have in common. */
  public static String key(RunSeries series) {
    return String.join(
        Keys.SEPARATOR,
        series.getParent() == null ? series.getModel() : Keys.model(series.getParent()),
        series.getDtype(),
        series.getSource() == null ? "" : series.getSource());
  }

  @Override
  public String row(RunSeries series) {
    return String.join(
        Keys.SEPARATOR, series.getModel(), series.getTask(), Integer.toString(series.getShots()));
  }

  @Override
  public boolean isGone(RunSeries series) {
    return series.getCheckpoints().isEmpty();
  }

  @Override
  public Map<String, List<FindingsOutput>> compute(
      String key, Map<String, RunSeries> rows, Set<String> changed) {
    String base = key.substring(0, key.indexOf(Keys.SEPARATOR));
    Map<String, List<RunSeries>> runs = new TreeMap<>();
    rows.values()
        .forEach(it -> runs.computeIfAbsent(it.getModel(), run -> new ArrayList<>()).add(it));
    Map<String, List<FindingsOutput>> outputs = new LinkedHashMap<>();
    for (String row : changed) {
      String model = row.substring(0, row.indexOf(Keys.SEPARATOR));
      outputs.computeIfAbsent("run " + model, scope -> ofRun(runs.getOrDefault(model, List.of())));
    }
    List<FindingsOutput> continued = new ArrayList<>();
    if (runs.containsKey(base)) {
      ContinuedFindings.of(base, runs, Bounds.PAIRS).forEach(it -> continued.add(new Found(it)));
    }
    outputs.put("continued", continued);
    return outputs;
  }

  private static List<FindingsOutput> ofRun(List<RunSeries> tasks) {
    if (tasks.isEmpty()) {
      return List.of();
    }
    List<FindingsOutput> outputs = new ArrayList<>();
    JumpFinding.of(tasks).ifPresent(it -> outputs.add(new Found(it)));
    outputs.add(new Digested(RunDigests.of(tasks)));
    return outputs;
  }
}
