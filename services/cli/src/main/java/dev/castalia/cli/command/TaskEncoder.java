package dev.castalia.cli.command;

import dev.castalia.scoring.ScoringException;
import dev.castalia.scoring.score.EncodedTask;
import dev.castalia.scoring.task.Task;
import dev.castalia.scoring.tokens.Tokenizer;
import dev.castalia.scoring.tokens.TokenizerContent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Encodes tasks for one checkpoint after another, anew only where the tokenizer is another. */
final class TaskEncoder {

  private final List<Task> tasks;
  private final OptionalInt shots;
  private final int limit;
  private final Consumer<ScoringException> tell;
  private String tokenizer;
  private List<EncodedTask> encoded;

  /**
   * @param shots null for each task's own number
   * @param limit most documents of a task, or null
   * @param tell is given why a task cannot be encoded, which is then left out
   */
  TaskEncoder(List<Task> tasks, Integer shots, Integer limit, Consumer<ScoringException> tell) {
    this.tasks = tasks;
    this.shots = shots == null ? OptionalInt.empty() : OptionalInt.of(shots);
    this.limit = limit == null ? Integer.MAX_VALUE : limit;
    this.tell = tell;
  }

  /**
   * @param file the {@code tokenizer.json}, or a folder that has one
   */
  List<EncodedTask> encode(Path file) {
    TokenizerContent content = TokenizerContent.read(file);
    if (!content.identity().equals(tokenizer)) {
      encoded = new ArrayList<>();
      try (Tokenizer tokens = content.open()) {
        for (Task task : tasks) {
          try {
            encoded.add(EncodedTask.of(task, tokens, task.shots(shots), limit));
          } catch (ScoringException e) {
            tell.accept(e);
          }
        }
      }
      tokenizer = content.identity();
    }
    return encoded;
  }
}
