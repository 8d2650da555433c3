package dev.castalia.cli.export;

import dev.castalia.cli.gateway.RunEntry;
import dev.castalia.cli.gateway.TrajectoryEntry;
import dev.castalia.cli.text.Boards;
import dev.castalia.schemas.Source;
import dev.castalia.scoring.results.Results;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Scores as results files of lm-evaluation-harness, one a checkpoint, source and precision. What a
 * task was scored with twice, at other shots, stands in files of those shots. A value that is not
 * finite is null, as in the files that scoring writes.
 */
final class HarnessExport {

  private final Map<String, RunEntry> runs;
  private final Map<Scored, String> paths = new HashMap<>();

  /** By path; two that differ in case only are one where file systems take them for the same. */
  private final Map<String, Map<String, Object>> files =
      new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /** What has a file of its own. */
  private record Scored(String model, String revision, int shots, String dtype, String source) {}

  private HarnessExport(Map<String, RunEntry> runs) {
    this.runs = runs;
  }

  /**
   * Contents to be written as JSON, by the file's path.
   *
   * @param runs by model, as far as known; 'castalia import' asks for the parameters of others
   */
  static Map<String, Map<String, Object>> files(
      List<TrajectoryEntry> trajectories, Map<String, RunEntry> runs) {
    HarnessExport export = new HarnessExport(runs);
    for (TrajectoryEntry line : trajectories) {
      for (TrajectoryEntry.Point point : line.points()) {
        add(export.file(line, point), line, point);
      }
    }
    return export.files;
  }

  private Map<String, Object> file(TrajectoryEntry line, TrajectoryEntry.Point point) {
    Scored scored =
        new Scored(line.model(), point.revision(), line.shots(), line.dtype(), line.source());
    String path = paths.computeIfAbsent(scored, this::path);
    return files.computeIfAbsent(path, it -> empty(line, point));
  }

  /** Where names differ in what a path cannot hold alone, all but the first are numbered. */
  private String path(Scored scored) {
    String name =
        Results.fileName(scored.model)
            + "/results_"
            + Results.fileName(scored.revision)
            + "_"
            + scored.shots
            + "shot"
            + (scored.source != null
                ? "_" + Results.fileName(scored.source)
                : scored.dtype.equals(Boards.USUAL_DTYPE)
                    ? ""
                    : "_" + Results.fileName(scored.dtype));
    String path = name + ".json";
    for (int number = 2; files.containsKey(path); number++) {
      path = name + "_" + number + ".json";
    }
    return path;
  }

  private Map<String, Object> empty(TrajectoryEntry line, TrajectoryEntry.Point point) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("model", "castalia");
    config.put("model_args", "pretrained=" + line.model() + ",revision=" + point.revision());
    config.put("model_revision", point.revision());
    config.put("model_step", point.step());
    RunEntry run = runs.get(line.model());
    if (run != null) {
      config.put("model_num_parameters", run.parameters());
      config.put("model_variant", run.variant());
      config.put("model_seed", run.seed());
      config.put("model_language", run.language());
      config.put("model_parent", run.parent());
      config.put("model_learning_rate", run.learningRate());
      config.values().removeIf(Objects::isNull);
    }
    config.put("model_dtype", line.dtype());
    config.put("num_fewshot", line.shots());
    Map<String, Object> file = new LinkedHashMap<>();
    for (String part : List.of("results", "versions", "n-shot", "higher_is_better", "n-samples")) {
      file.put(part, new TreeMap<String, Object>());
    }
    file.put("config", config);
    file.put("model_name", line.model());
    file.put("model_source", Source.name(line.source()));
    return file;
  }

  private static void add(
      Map<String, Object> file, TrajectoryEntry line, TrajectoryEntry.Point point) {
    String metric = line.metric().metric();
    int comma = metric.indexOf(',');
    String name = comma < 0 ? metric : metric.substring(0, comma);
    String filter = comma < 0 ? ",none" : metric.substring(comma);
    Map<String, Object> scores = of(of(file, "results"), line.task());
    scores.put("alias", line.task());
    scores.put(name + filter, point.value());
    scores.put(name + "_stderr" + filter, point.stderr() == null ? "N/A" : point.stderr());
    of(file, "versions").put(line.task(), line.version());
    of(file, "n-shot").put(line.task(), line.shots());
    of(of(file, "higher_is_better"), line.task())
        .put(
            name,
            switch (line.metric().direction()) {
              case "HIGHER" -> Boolean.TRUE;
              case "LOWER" -> Boolean.FALSE;
              default -> null;
            });
    if (point.documents() > 0) {
      of(file, "n-samples")
          .put(
              line.task(), Map.of("original", point.ofDocuments(), "effective", point.documents()));
    }
  }

  @SuppressWarnings("unchecked") // Every part of the file is such a map.
  private static Map<String, Object> of(Map<String, Object> parent, String key) {
    return (Map<String, Object>) parent.computeIfAbsent(key, k -> new TreeMap<String, Object>());
  }
}
