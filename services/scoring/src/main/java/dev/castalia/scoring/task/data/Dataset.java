package dev.castalia.scoring.task.data;

import dev.castalia.scoring.TaskException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The files of a data set, by split; a split is read when it is asked for.
 *
 * @param splits in their order
 * @param made documents of splits that are not read from files of documents
 */
public record Dataset(Map<String, List<Path>> splits, Map<String, List<Map<String, Object>>> made) {

  /** Of a value that is no text, with its place in its document. */
  private static final int BYTES = 16;

  /** Documents that are read from files. */
  public Dataset(Map<String, List<Path>> splits) {
    this(splits, Map.of());
  }

  /** Documents that are there already. */
  public static Dataset of(String split, List<Map<String, Object>> documents) {
    return new Dataset(Map.of(), Map.of(split, documents));
  }

  /** The data set that a task names, from wherever it lies. */
  public static Dataset find(DataPath data, String path, String name) {
    return new Dataset(data.find(path, name));
  }

  /** About how many bytes a document is, or a value in one. */
  public static long bytes(Object value) {
    return switch (value) {
      case String text -> BYTES + text.length();
      case Map<?, ?> fields -> BYTES + fields.values().stream().mapToLong(Dataset::bytes).sum();
      case List<?> items -> BYTES + items.stream().mapToLong(Dataset::bytes).sum();
      case byte[] raw -> BYTES + raw.length;
      case null, default -> BYTES;
    };
  }

  /**
   * A split's documents, in order. Every document has every column: what it lacked is null, as in
   * the harness's data sets.
   *
   * @throws TaskException if there is no such split, or a file is not what its name says
   */
  public List<Map<String, Object>> documents(String split) {
    if (made.containsKey(split)) {
      return made.get(split);
    }
    List<Map<String, Object>> documents = DataFormat.read(files(split));
    Set<String> columns = new LinkedHashSet<>();
    documents.forEach(document -> columns.addAll(document.keySet()));
    List<Map<String, Object>> unified = new ArrayList<>(documents.size());
    for (Map<String, Object> document : documents) {
      Map<String, Object> whole = new LinkedHashMap<>();
      columns.forEach(column -> whole.put(column, document.get(column)));
      unified.add(whole);
    }
    return unified;
  }

  /** Adds to a digest the bytes that there are of a split. */
  public void digest(String split, MessageDigest digest) {
    made.getOrDefault(split, List.of())
        .forEach(it -> digest.update(it.toString().getBytes(StandardCharsets.UTF_8)));
    for (Path file : splits.getOrDefault(split, List.of())) {
      try {
        if (Files.exists(file)) {
          digest.update(Files.readAllBytes(file));
        }
      } catch (IOException e) {
        throw TaskException.unreadable(file, e);
      }
    }
  }

  private List<Path> files(String split) {
    List<Path> files = splits.get(split);
    if (files == null) {
      throw new TaskException("no split '" + split + "'; there are " + splits.keySet());
    }
    List<Path> absent = files.stream().filter(file -> !Files.exists(file)).toList();
    if (!absent.isEmpty()) {
      throw new TaskException(
          absent.getFirst()
              + " does not exist"
              + (files.size() == 1
                  ? ""
                  : " (missing of the split's %d files: %d)"
                      .formatted(files.size(), absent.size())));
    }
    return files;
  }
}
