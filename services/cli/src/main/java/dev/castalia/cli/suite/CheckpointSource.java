package dev.castalia.cli.suite;

import dev.castalia.cli.CommandException;
import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.checkpoint.Fingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A checkpoint's folder, or a run's: a folder with checkpoints named step and their number. */
final class CheckpointSource {

  private static final Pattern STEP = Pattern.compile("(?:step|checkpoint-)(\\d{1,18})");

  private CheckpointSource() {}

  static boolean isCheckpoint(Path folder) {
    return Files.isRegularFile(folder.resolve("config.json"));
  }

  /** Whether a checkpoint of a run is in a folder. */
  static boolean isRun(Path folder) {
    return steps(folder).stream().anyMatch(CheckpointSource::isCheckpoint);
  }

  /** The folders that are named after a step, by step. */
  private static List<Path> steps(Path folder) {
    try (Stream<Path> inside = Files.list(folder)) {
      return inside
          .filter(path -> stepOf(path).isPresent() && Files.isDirectory(path))
          .sorted(Comparator.comparingLong(path -> stepOf(path).getAsLong()))
          .toList();
    } catch (IOException e) {
      throw new CommandException(folder + ": cannot be read (" + e + ")", e);
    }
  }

  static Announcement checkpoint(Path folder, RunFacts facts, Path tokenizer) {
    return new Announcement(
        List.of(), List.of(entry(folder, facts, tokenizer)), List.of(), List.of());
  }

  /** All of a run's checkpoints; one that cannot be opened does not hide the others. */
  static Announcement run(Path folder, RunFacts facts, Path tokenizer) {
    if (facts.isOneCheckpoint()) {
      throw new CommandException(
          folder
              + " holds several checkpoints, but --revision and --step are of one: leave them out,"
              + " or give one checkpoint's folder");
    }
    List<CheckpointEntry> entries = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    for (Path step : steps(folder)) {
      try {
        entries.add(entry(step, facts, tokenizer));
      } catch (CheckpointException e) {
        wrong.add(e.getMessage());
      }
    }
    if (entries.isEmpty()) {
      throw new CommandException(
          folder + ": none of its checkpoints is right: " + String.join("; ", wrong));
    }
    return new Announcement(List.of(), entries, List.of(), wrong);
  }

  private static CheckpointEntry entry(Path folder, RunFacts facts, Path tokenizer) {
    Checkpoint checkpoint = Checkpoint.open(folder);
    return entry(folder, checkpoint, facts, tokenizer)
        .withContentHash(Fingerprint.of(checkpoint.weights()));
  }

  static CheckpointEntry entry(Path folder, Checkpoint checkpoint, RunFacts facts, Path tokenizer) {
    long step = step(folder, facts);
    return new CheckpointEntry(
        model(folder, facts),
        facts.revision != null ? facts.revision : folder.getFileName().toString(),
        step,
        tokensSeen(folder, step, facts),
        checkpoint.parameters(),
        checkpoint.nonEmbeddingParameters(),
        facts.variant,
        facts.seed,
        facts.language,
        facts.parent,
        facts.learningRate,
        null,
        (tokenizer == null ? TokenizerFile.near(folder) : tokenizer).toString(),
        folder.toString());
  }

  private static String model(Path folder, RunFacts facts) {
    if (facts.model != null) {
      return facts.model;
    }
    if (stepOf(folder).isEmpty() || folder.getParent().getFileName() == null) {
      throw new CommandException(folder + ": of which model is it? Give --model NAME");
    }
    return folder.getParent().getFileName().toString();
  }

  private static long step(Path folder, RunFacts facts) {
    if (facts.step != null) {
      return facts.step;
    }
    OptionalLong ofRevision = facts.revision == null ? OptionalLong.empty() : step(facts.revision);
    return ofRevision.isPresent()
        ? ofRevision.getAsLong()
        : stepOf(folder)
            .orElseThrow(
                () -> new CommandException(folder + ": after how many steps is it? Give --step N"));
  }

  private static long tokensSeen(Path folder, long step, RunFacts facts) {
    if (facts.tokensPerStep != null) {
      return step * facts.tokensPerStep;
    }
    if (step == 0) {
      return 0;
    }
    throw new CommandException(
        folder + ": how many training tokens is a step? Give --tokens-per-step N");
  }

  /** The step of a folder named after it. */
  static OptionalLong stepOf(Path folder) {
    return folder.getFileName() == null
        ? OptionalLong.empty()
        : step(folder.getFileName().toString());
  }

  static OptionalLong step(String name) {
    Matcher step = STEP.matcher(name);
    return step.matches() ? OptionalLong.of(Long.parseLong(step.group(1))) : OptionalLong.empty();
  }
}
