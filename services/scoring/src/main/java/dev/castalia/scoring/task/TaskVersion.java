package dev.castalia.scoring.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.castalia.scoring.task.data.Dataset;
import dev.castalia.scoring.task.helper.FunctionReference;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Names what a task measures: a hash of its definition and of the bytes of its data. Layout,
 * comments, paths and labels do not count; anything that can change a score does.
 */
final class TaskVersion {

  private static final int DIGITS = 16;
  private static final Set<String> LABELS =
      Set.of("tag", "group", "task_alias", "language", "metadata");

  private static final ObjectMapper CANONICAL =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private TaskVersion() {}

  /** Helper functions by name: another file by that name is refused when the task is read. */
  private static Object plain(Object value) {
    return switch (value) {
      case FunctionReference reference -> reference.toString();
      case List<?> list -> list.stream().map(TaskVersion::plain).toList();
      case Map<?, ?> map -> {
        Map<String, Object> keyed = new TreeMap<>();
        map.forEach((key, item) -> keyed.put(String.valueOf(key), plain(item)));
        yield keyed;
      }
      case null, default -> value;
    };
  }

  /**
   * 16 hexadecimal digits.
   *
   * @param splits whose documents the task may read
   */
  static String of(TaskYaml yaml, Dataset data, Collection<String> splits) {
    Map<String, Object> definition = new TreeMap<>(yaml.values());
    definition.replaceAll((key, value) -> plain(value));
    definition.keySet().removeAll(LABELS);
    definition.keySet().removeAll(TaskYaml.WITHOUT_EFFECT);
    definition.remove("dataset_path");
    definition.remove("dataset_name");
    // The data's bytes count, not the path they have on this machine.
    definition.remove("dataset_kwargs");
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(CANONICAL.writeValueAsString(definition).getBytes(StandardCharsets.UTF_8));
      splits.forEach(split -> data.digest(split, digest));
      return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException | JsonProcessingException e) {
      throw new IllegalStateException("plain YAML values are always JSON, and SHA-256 is there", e);
    }
  }
}
