package dev.castalia.scoring.task;

import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.task.data.DataPath;
import dev.castalia.scoring.task.data.Dataset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the data that a task names: by {@code dataset_path}, or file by file. */
final class TaskData {

  private static final String FILES = "dataset_kwargs.data_files";

  /** Names of the datasets library for "read these files". */
  private static final Set<String> OF_FILES = Set.of("json", "csv", "parquet", "text");

  /** How the library is to fetch or check what it reads: nothing to do with what is read. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of("trust_remote_code", "streaming", "verification_mode", "revision");

  private TaskData() {}

  static Dataset of(TaskYaml yaml, DataPath data) {
    String path = yaml.string("dataset_path");
    Map<String, Object> settings = yaml.map("dataset_kwargs");
    settings.keySet().stream()
        .filter(key -> !key.equals("data_files") && !WITHOUT_EFFECT.contains(key))
        .findFirst()
        .ifPresent(
            key -> {
              throw yaml.wrong("dataset_kwargs." + key, "unknown; only data_files is read");
            });
    if (OF_FILES.contains(path)) {
      return new Dataset(files(yaml, settings.get("data_files")));
    }
    try {
      return Dataset.find(data, path, yaml.optionalString("dataset_name").orElse(null));
    } catch (TaskException e) {
      throw yaml.wrong("dataset_path", e.getMessage());
    }
  }

  /** A split's documents; what is wrong is named by the key that names the split. */
  static List<Map<String, Object>> documents(
      TaskYaml yaml, Dataset data, String key, String split) {
    try {
      return data.documents(split);
    } catch (TaskException e) {
      throw e.passing() ? e : yaml.wrong(key, e.getMessage());
    }
  }

  private static Map<String, List<Path>> files(TaskYaml yaml, Object files) {
    if (files instanceof Map<?, ?>) {
      Map<String, List<Path>> splits = new LinkedHashMap<>();
      YamlFile.stringKeys(yaml.where(FILES), files)
          .forEach((split, value) -> splits.put(split, paths(yaml, value)));
      return splits;
    }
    if (files == null) {
      throw yaml.wrong(FILES, "missing; name the file of each split, relative to the task's file");
    }
    // What the datasets library calls data without splits.
    return Map.of("train", paths(yaml, files));
  }

  private static List<Path> paths(TaskYaml yaml, Object value) {
    List<Path> paths = new ArrayList<>();
    for (Object item : value instanceof List<?> list ? list : List.of(String.valueOf(value))) {
      paths.add(yaml.file().resolveSibling(String.valueOf(item)));
    }
    return paths;
  }
}
