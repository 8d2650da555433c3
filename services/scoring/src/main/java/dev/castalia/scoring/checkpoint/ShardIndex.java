package dev.castalia.scoring.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.SmallFile;
import dev.castalia.scoring.SmallJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The index of a checkpoint in several files: {@code {"weight_map": {tensor: file}}}. The shards
 * must hold exactly what it says, each tensor once.
 */
final class ShardIndex {

  /** Bytes; the index of a model of 100 layers has about 100,000. */
  private static final int MAX_INDEX = 16_000_000;

  /** Shards lie beside their index: no separator, and no name that leads elsewhere. */
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}");

  private static final SmallJson JSON = SmallJson.strict();

  private final CheckpointFolder folder;
  private final Path file;
  private final SortedMap<String, String> shardOf = new TreeMap<>();

  private ShardIndex(CheckpointFolder folder, Path file) {
    this.folder = folder;
    this.file = file;
  }

  /**
   * @throws CheckpointException if it is no index, or names a tensor twice
   */
  static ShardIndex read(CheckpointFolder folder, String name) {
    Path file = folder.file(name);
    ShardIndex index = new ShardIndex(folder, file);
    JsonNode map = parse(file).path("weight_map");
    if (!map.isObject() || map.isEmpty()) {
      throw new CheckpointException(
          file + ": weight_map is missing or empty; it must give each tensor's file");
    }
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      String shard = entry.getValue().asText();
      if (!FILE_NAME.matcher(shard).matches()) {
        throw new CheckpointException(
            "%s: tensor %s is said to be in %s, which is not the name of a file beside the index"
                .formatted(file, entry.getKey(), entry.getValue()));
      }
      index.shardOf.put(entry.getKey(), shard);
    }
    return index;
  }

  private static JsonNode parse(Path file) {
    try {
      return JSON.read(file, SmallFile.read(file, MAX_INDEX), JsonNode.class);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          file + ": not an index of shards (" + e.getOriginalMessage() + "); fetch it again", e);
    } catch (IOException e) {
      throw CheckpointException.unreadable(file, e);
    }
  }

  /**
   * The tensors of all shards.
   *
   * @param reader of one shard
   * @throws CheckpointException if a shard is missing, or holds other tensors than the index says
   */
  Weights weights(Function<Path, Weights> reader) {
    SortedMap<String, StoredTensor> tensors = new TreeMap<>();
    for (String shard : new TreeSet<>(shardOf.values())) {
      if (!folder.has(shard)) {
        throw new CheckpointException(
            "%s: shard %s, which the index names, is missing; fetch it".formatted(folder, shard));
      }
      for (StoredTensor tensor : reader.apply(folder.file(shard)).all()) {
        String expected = shardOf.get(tensor.name());
        if (!shard.equals(expected)) {
          throw new CheckpointException(
              "%s: tensor %s is in shard %s, but %s says %s; the shards are of different saves"
                  .formatted(
                      folder,
                      tensor.name(),
                      shard,
                      file.getFileName(),
                      expected == null ? "nothing of it" : "it is in " + expected));
        }
        tensors.put(tensor.name(), tensor);
      }
    }
    return new Weights(file, tensors);
  }
}
