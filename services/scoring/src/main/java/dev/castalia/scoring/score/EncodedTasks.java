package dev.castalia.scoring.score;

import dev.castalia.scoring.task.Task;
import dev.castalia.scoring.tokens.Tokenizer;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps encoded tasks for the next checkpoints: a task is rendered and encoded once for a tokenizer
 * and number of shots. Thread-safe. Grows with the tasks used; its owner drops it whole.
 */
public final class EncodedTasks {

  private record Key(
      String name, String version, String tokenizer, OptionalInt prefixToken, int shots) {}

  private final Map<Key, EncodedTask> encoded = new ConcurrentHashMap<>();

  public EncodedTask get(Task task, Tokenizer tokenizer, int shots) {
    return encoded.computeIfAbsent(
        new Key(
            task.name(), task.version(), tokenizer.fingerprint(), tokenizer.prefixToken(), shots),
        key -> EncodedTask.of(task, tokenizer, shots));
  }
}
