package dev.castalia.scoring.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Names what a task measures: a hash of its definition and of the bytes of its data. Layout,
 * comments, paths and labels do not count; anything that can change a score does.
 */
final class TaskVersion {

  private static final int DIGITS = 16;
  private static final Set<String> LABELS = Set.of("tag", "group", "task_alias", "language");

  private static final ObjectMapper CANONICAL =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private TaskVersion() {}

  /** 16 hexadecimal digits. */
  static String of(TaskYaml yaml, DataFiles data) {
    Map<String, Object> definition = new TreeMap<>(yaml.values());
    definition.keySet().removeAll(LABELS);
    definition.keySet().removeAll(TaskYaml.WITHOUT_EFFECT);
    // The data's bytes count, not the path they have on this machine.
    definition.remove("dataset_kwargs");
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(CANONICAL.writeValueAsString(definition).getBytes(StandardCharsets.UTF_8));
      data.digest(digest);
      return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException | JsonProcessingException e) {
      throw new IllegalStateException("plain YAML values are always JSON, and SHA-256 is there", e);
    }
  }
}
