package dev.castalia.cli.command;

import dev.castalia.cli.CommandException;
import dev.castalia.scoring.ScoringException;
import dev.castalia.scoring.score.EncodedTask;
import dev.castalia.scoring.task.Task;
import dev.castalia.scoring.tokens.Tokenizer;
import dev.castalia.scoring.tokens.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Files;
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
  private TokenizerFiles tokenizer;
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
    TokenizerFiles files = TokenizerFiles.at(file);
    if (tokenizer == null || !same(tokenizer, files)) {
      encoded = new ArrayList<>();
      try (Tokenizer tokens = Tokenizer.load(file)) {
        for (Task task : tasks) {
          try {
            encoded.add(EncodedTask.of(task, tokens, task.shots(shots), limit));
          } catch (ScoringException e) {
            tell.accept(e);
          }
        }
      }
      tokenizer = files;
    }
    return encoded;
  }

  private static boolean same(TokenizerFiles one, TokenizerFiles other) {
    for (int i = 0; i < one.all().size(); i++) {
      if (!same(one.all().get(i), other.all().get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean same(Path one, Path other) {
    try {
      return Files.exists(one) && Files.exists(other)
          ? Files.mismatch(one, other) < 0
          : Files.exists(one) == Files.exists(other);
    } catch (IOException e) {
      throw new CommandException(other + ": cannot be read (" + e + ")", e);
    }
  }
}
