package dev.castalia.scoring.task;

import dev.castalia.scoring.TaskException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The data that a task names in {@code dataset_kwargs.data_files}, by split; read on demand. */
final class DataFiles {

  private static final String KEY = "dataset_kwargs.data_files";

  private final TaskYaml yaml;
  private final Map<String, List<Path>> splits = new LinkedHashMap<>();
  private final Map<Path, byte[]> contents = new LinkedHashMap<>();

  DataFiles(TaskYaml yaml) {
    this.yaml = yaml;
    String kind = yaml.string("dataset_path");
    if (!kind.equals("json")) {
      throw yaml.wrong(
          "dataset_path", "'" + kind + "' is not read yet; give the data as JSON Lines: json");
    }
    Map<String, Object> settings = yaml.map("dataset_kwargs");
    settings.keySet().stream()
        .filter(key -> !key.equals("data_files"))
        .findFirst()
        .ifPresent(
            key -> {
              throw yaml.wrong("dataset_kwargs." + key, "unknown; only data_files is read");
            });
    Object files = settings.get("data_files");
    if (files instanceof Map<?, ?>) {
      TaskYaml.stringKeys(yaml.where(KEY), files)
          .forEach((split, value) -> splits.put(split, paths(value)));
    } else if (files != null) {
      // What the datasets library calls data without splits.
      splits.put("train", paths(files));
    } else {
      throw yaml.wrong(KEY, "missing; name the file of each split, relative to the task's file");
    }
  }

  private List<Path> paths(Object value) {
    List<Path> paths = new ArrayList<>();
    for (Object item : value instanceof List<?> list ? list : List.of(String.valueOf(value))) {
      paths.add(yaml.file().resolveSibling(String.valueOf(item)));
    }
    return paths;
  }

  /** The documents of a split, in order. */
  List<Map<String, Object>> documents(String key, String split) {
    List<Path> files = splits.get(split);
    if (files == null) {
      throw yaml.wrong(key, "no split '" + split + "'; " + KEY + " has " + splits.keySet());
    }
    List<Map<String, Object>> documents = new ArrayList<>();
    files.forEach(file -> documents.addAll(JsonLines.parse(file, bytes(file))));
    return documents;
  }

  /** Adds what was read so far to a digest. */
  void digest(MessageDigest digest) {
    contents.values().forEach(digest::update);
  }

  private byte[] bytes(Path file) {
    return contents.computeIfAbsent(
        file,
        missing -> {
          try {
            return Files.readAllBytes(missing);
          } catch (NoSuchFileException e) {
            throw yaml.wrong(KEY, missing + " does not exist");
          } catch (IOException e) {
            throw TaskException.unreadable(missing, e);
          }
        });
  }
}
