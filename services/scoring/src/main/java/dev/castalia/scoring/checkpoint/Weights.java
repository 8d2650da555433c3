package dev.castalia.scoring.checkpoint;

import dev.castalia.scoring.CheckpointException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A checkpoint's tensors by name, wherever they lie. The graph, the fingerprint and the checks see
 * only this; one file, several shards or another format differ only in who fills it.
 */
public final class Weights {

  private final Path source;
  private final SortedMap<String, StoredTensor> tensors;

  /**
   * @param source what an error should name: the file, or the index of the shards
   */
  public Weights(Path source, SortedMap<String, StoredTensor> tensors) {
    this.source = source;
    this.tensors = new TreeMap<>(tensors);
  }

  /**
   * @throws CheckpointException if there is no tensor of that name
   */
  public StoredTensor get(String name) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new CheckpointException(
          source
              + ": tensor "
              + name
              + " is missing; the file is incomplete or of another model than its config.json says");
    }
    return tensor;
  }

  boolean has(String name) {
    return tensors.containsKey(name);
  }

  public List<StoredTensor> all() {
    return List.copyOf(tensors.values());
  }

  /** Only the tensors of these names, which must all be there. */
  Weights only(Iterable<String> names) {
    SortedMap<String, StoredTensor> kept = new TreeMap<>();
    names.forEach(name -> kept.put(name, get(name)));
    return new Weights(source, kept);
  }

  long elements() {
    return tensors.values().stream().mapToLong(StoredTensor::elements).sum();
  }
}
