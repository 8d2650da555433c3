package dev.castalia.scoring.task;

import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.source.Roots;
import dev.castalia.scoring.task.data.DataPath;
import dev.castalia.scoring.task.data.Dataset;
import dev.castalia.scoring.task.data.IndexedDataset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the data that a task names: by {@code dataset_path}, or file by file. */
final class TaskData {

  private static final String FILES = "dataset_kwargs.data_files";

  /** Names of the datasets library for "read these files". */
  private static final Set<String> OF_FILES = Set.of("json", "csv", "parquet", "arrow");

  /** Castalia's own name for an indexed data set of tokens. */
  private static final String MEGATRON = "megatron";

  /** How the library is to fetch or check what it reads: nothing to do with what is read. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of("trust_remote_code", "streaming", "verification_mode", "revision");

  private TaskData() {}

  static Dataset of(TaskYaml yaml, DataPath data) {
    String path = yaml.string("dataset_path");
    Map<String, Object> settings = yaml.map("dataset_kwargs");
    if (path.equals(MEGATRON)) {
      return sequences(yaml, settings, data);
    }
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
      Dataset found = Dataset.find(data, path, yaml.optionalString("dataset_name").orElse(null));
      found.splits().values().stream()
          .flatMap(List::stream)
          .forEach(file -> yaml.roots().require(file, TaskException::new));
      return found;
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

  private static Dataset sequences(TaskYaml yaml, Map<String, Object> settings, DataPath data) {
    Map<String, Object> rest = new LinkedHashMap<>(settings);
    if (!(rest.remove("data_files") instanceof String prefix)) {
      throw yaml.wrong(FILES, "missing; name the data set without .idx");
    }
    long first = number(yaml, "first", rest.remove("first"), 0, 0);
    long count = number(yaml, "count", rest.remove("count"), 1024, 1);
    long every = number(yaml, "every", rest.remove("every"), 1, 1);
    if (!rest.isEmpty()) {
      throw yaml.wrong("dataset_kwargs", "unknown: " + rest.keySet() + "; leave it out");
    }
    int tokens = Task.tokens(yaml);
    Path beside = yaml.file().resolveSibling(prefix);
    Path found =
        data.folders().stream()
            .map(folder -> folder.resolve(prefix))
            .filter(path -> exists(index(path), yaml.roots()))
            .findFirst()
            .orElse(beside);
    try (IndexedDataset sequences = IndexedDataset.open(found, yaml.roots())) {
      List<Map<String, Object>> documents = new ArrayList<>();
      for (long i = 0; i < count; i++) {
        long at = first + i * every;
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("index", at);
        document.put("tokens", Arrays.stream(sequences.tokens(at, tokens)).boxed().toList());
        documents.add(document);
      }
      return Dataset.of("train", documents);
    } catch (TaskException e) {
      throw e.passing() ? e : yaml.wrong(FILES, e.getMessage());
    }
  }

  private static Path index(Path prefix) {
    return prefix.resolveSibling(prefix.getFileName() + ".idx");
  }

  private static boolean exists(Path file, Roots roots) {
    return roots.refusal(file).isEmpty() && Files.exists(file);
  }

  private static long number(TaskYaml yaml, String key, Object value, long otherwise, long least) {
    if (value == null) {
      return otherwise;
    }
    if (!(value instanceof Integer || value instanceof Long)
        || ((Number) value).longValue() < least) {
      throw yaml.wrong(
          "dataset_kwargs." + key, value + " is not a whole number from " + least + " on");
    }
    return ((Number) value).longValue();
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
      paths.add(
          yaml.roots()
              .require(
                  yaml.file().resolveSibling(String.valueOf(item)),
                  reason -> yaml.wrong(FILES, reason)));
    }
    return paths;
  }
}
