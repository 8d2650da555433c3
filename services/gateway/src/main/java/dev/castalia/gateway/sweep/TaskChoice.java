package dev.castalia.gateway.sweep;

import dev.castalia.events.TaskRegistered;
import dev.castalia.gateway.problem.NearMisses;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.schemas.Glob;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the tasks that names, tags and patterns mean. */
final class TaskChoice {

  private static final Pattern WITH_SHOTS = Pattern.compile("(.+):(\\d{1,4})");

  private final Collection<TaskRegistered> registered;

  TaskChoice(Collection<TaskRegistered> registered) {
    this.registered = registered;
  }

  /**
   * @param shots few-shot examples; the task's own number where nothing else was asked for
   */
  record Chosen(TaskRegistered task, int shots) {}

  /**
   * What is meant, in the order it was named, each once.
   *
   * @param globalShots for what does not say itself; null for the tasks' own
   * @throws ProblemException naming what means nothing
   */
  List<Chosen> choose(List<String> wanted, Integer globalShots) {
    Set<Chosen> chosen = new LinkedHashSet<>();
    for (String text : wanted) {
      List<TaskRegistered> found = find(text);
      Integer shots = globalShots;
      Matcher withShots = WITH_SHOTS.matcher(text);
      if (found.isEmpty() && withShots.matches()) {
        found = find(withShots.group(1));
        shots = Integer.valueOf(withShots.group(2));
      }
      if (found.isEmpty()) {
        throw unknown(withShots.matches() ? withShots.group(1) : text);
      }
      for (TaskRegistered task : found) {
        chosen.add(new Chosen(task, shots == null ? task.getShots() : shots));
      }
    }
    return new ArrayList<>(chosen);
  }

  /** By name before tag before pattern. */
  private List<TaskRegistered> find(String text) {
    Predicate<String> pattern = Glob.anyOf(text);
    return Stream.<Predicate<TaskRegistered>>of(
            task -> task.getTask().equals(text),
            task -> task.getTags().contains(text),
            task -> pattern.test(task.getTask()))
        .map(means -> registered.stream().filter(means).toList())
        .filter(found -> !found.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  private ProblemException unknown(String text) {
    List<String> names =
        Stream.concat(
                registered.stream().map(TaskRegistered::getTask),
                registered.stream().flatMap(task -> task.getTags().stream()))
            .toList();
    return ProblemException.unprocessable(
        "unknown-task",
        "Unknown task",
        "\"%s\" is no registered task, tag or pattern of tasks.%s"
            .formatted(text, names.isEmpty() ? " None is registered: publish tasks first." : ""),
        NearMisses.of(text, names));
  }
}
