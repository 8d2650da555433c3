package dev.castalia.cli.suite;

import dev.castalia.cli.CommandException;
import dev.castalia.cli.gateway.MetricEntry;
import dev.castalia.cli.gateway.TaskEntry;
import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.metric.Direction;
import dev.castalia.scoring.metric.TaskMetric;
import dev.castalia.scoring.score.EncodedTask;
import dev.castalia.scoring.source.Roots;
import dev.castalia.scoring.task.Task;
import dev.castalia.scoring.task.TaskDefinition;
import dev.castalia.scoring.task.TaskFolder;
import dev.castalia.scoring.task.TaskGroup;
import dev.castalia.scoring.task.TaskLocation;
import dev.castalia.scoring.task.TaskSelection;
import dev.castalia.scoring.tokens.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/** A folder of task definitions. */
final class TaskSource {

  private TaskSource() {}

  /**
   * The folder's tasks; what a document costs is counted with the given tokenizer. A definition
   * that is wrong does not hide the others.
   *
   * @throws CommandException if not one definition is right
   */
  static Announcement read(Path folder, Path tokenizerFile, TaskChoice choice) {
    TaskFolder read = TaskFolder.open(folder.toAbsolutePath().normalize());
    List<String> wrong = new ArrayList<>();
    if (choice.tasks().isEmpty()) {
      read.errors().forEach(error -> wrong.add(error.getMessage()));
    }
    TaskSelection selection = choice.tasks().isEmpty() ? read.all() : read.select(choice.tasks());
    Optional<Path> data = choice.data();
    selection.errors().forEach(error -> wrong.add(error.getMessage()));
    List<TaskEntry> tasks = new ArrayList<>();
    try (Tokenizer tokenizer = Tokenizer.load(tokenizerFile)) {
      for (TaskDefinition definition : selection.tasks()) {
        try {
          tasks.add(entry(definition, selection.allGroups(), data, tokenizer));
        } catch (TaskException e) {
          wrong.add(e.getMessage());
        }
      }
    }
    if (tasks.isEmpty()) {
      throw new CommandException(
          "%s: no task in it: %s"
              .formatted(
                  folder,
                  wrong.isEmpty()
                      ? "give a folder with definitions, *.yaml, in lm-evaluation-harness's form"
                      : String.join("; ", wrong)));
    }
    return new Announcement(tasks, List.of(), List.of(), wrong);
  }

  private static TaskEntry entry(
      TaskDefinition definition, List<TaskGroup> groups, Optional<Path> data, Tokenizer tokenizer) {
    if (definition.inline()) {
      throw new TaskException(
          definition.file()
              + ": task '"
              + definition.name()
              + "' is defined within a group, which scorers don't read; give it a file of its own");
    }
    TaskLocation location = new TaskLocation(definition.file(), data, definition.overrides());
    Task task = location.load(Roots.ANY);
    Set<String> tags = new LinkedHashSet<>(task.tags());
    groups.stream()
        .filter(group -> group.tasks().contains(task.name()))
        .forEach(group -> tags.add(group.name()));
    int shots = task.shots(OptionalInt.empty());
    EncodedTask encoded = EncodedTask.of(task, tokenizer, shots);
    return new TaskEntry(
        task.name(),
        task.version(),
        task.language(),
        encoded.documents(),
        encoded.sliceDocuments(),
        encoded.meanTokens(),
        task.outputType().label(),
        shots,
        task.metrics().stream().map(metric -> entry(metric, task.chance())).toList(),
        List.copyOf(tags),
        location.toString());
  }

  private static MetricEntry entry(TaskMetric metric, OptionalDouble guessing) {
    OptionalDouble chance = metric.metric().isAccuracy() ? guessing : OptionalDouble.empty();
    return new MetricEntry(
        metric.name(),
        metric.aggregation().name(),
        switch (metric.direction()) {
          case Direction.Higher() -> "HIGHER";
          case Direction.Lower() -> "LOWER";
          case Direction.Nearest(double target) -> "NEAREST";
        },
        metric.direction() instanceof Direction.Nearest(double target) ? target : null,
        chance.isPresent() ? chance.getAsDouble() : null);
  }
}
