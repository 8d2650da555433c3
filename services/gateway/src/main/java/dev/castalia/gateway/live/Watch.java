package dev.castalia.gateway.live;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.Finding;
import dev.castalia.events.Leaderboard;
import dev.castalia.events.Scorecard;
import dev.castalia.events.SweepProgress;
import dev.castalia.events.TaskRegistered;
import dev.castalia.events.Trajectory;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.Sweep;
import dev.castalia.gateway.view.SweepScope;
import dev.castalia.gateway.view.Views;
import dev.castalia.schemas.Glob;
import dev.castalia.schemas.Keys;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What one reader watches: which rows of which topics. For one thread. */
final class Watch {

  private final Views views;
  private final Set<LiveTopic> topics;
  private final Set<LiveTopic> keysOnly;
  private final Predicate<String> models;
  private final Predicate<String> tasks;
  private final Optional<String> sweep;
  private final boolean isOfAnyUnit;
  private final String description;

  /** The sweep as it was known when its scope was made. */
  private Sweep scoped;

  private SweepScope scope;

  /**
   * @param keysOnly those of the topics of which only the keys of what changes are wanted
   * @param model pattern; null for all
   * @param task pattern; null for all
   * @param sweep id; null for all
   */
  Watch(
      Views views,
      Set<LiveTopic> topics,
      Set<LiveTopic> keysOnly,
      String model,
      String task,
      String sweep) {
    this.views = views;
    this.topics = topics;
    this.keysOnly = keysOnly;
    this.models = Glob.anyOf(model);
    this.tasks = Glob.anyOf(task);
    this.sweep = Optional.ofNullable(sweep);
    this.isOfAnyUnit = model == null && task == null;
    this.description =
        words(topics) + "|" + words(keysOnly) + "|" + model + "|" + task + "|" + sweep;
  }

  private static String words(Set<LiveTopic> topics) {
    return topics.stream().map(LiveTopic::word).collect(Collectors.joining(","));
  }

  Set<LiveTopic> topics() {
    return topics;
  }

  /** Whether the reader wants to know that a row changed, and not what it is now. */
  boolean isKeysOnly(LiveTopic topic) {
    return keysOnly.contains(topic);
  }

  /** Equal for watches of the same. */
  String description() {
    return description;
  }

  /** Whether the reader wants that row. */
  boolean wants(Row<?> row) {
    return switch (row.value()) {
      case SweepProgress event -> isOfSweep(event.getSweep());
      case Sweep event -> isOfSweep(event.id());
      case Leaderboard event ->
          tasks.test(event.getTask())
              && isInScope(event.getTask(), event.getVersion(), event.getShots(), event.getDtype());
      case Trajectory event ->
          models.test(event.getModel())
              && tasks.test(event.getTask())
              && isInScope(event.getTask(), event.getVersion(), event.getShots(), event.getDtype());
      case Finding event ->
          event.getModels().stream().anyMatch(models)
              && (event.getTask() == null || tasks.test(event.getTask()));
      case Scorecard event ->
          isWanted(event.getCheckpoint())
              && tasks.test(event.getTask())
              && isInScope(event.getTask(), event.getVersion(), event.getShots(), event.getDtype());
      case EvaluationFailed event -> isWanted(event);
      case CheckpointPublished event -> isWanted(event);
      case TaskRegistered event -> tasks.test(event.getTask());
      case null -> false;
      default -> true;
    };
  }

  private boolean isOfSweep(String id) {
    return sweep.map(wanted -> Objects.equals(wanted, id)).orElse(true);
  }

  private boolean isWanted(CheckpointPublished checkpoint) {
    return models.test(checkpoint.getModel())
        && scope().map(scope -> scope.coversCheckpoint(Keys.of(checkpoint))).orElse(true);
  }

  private boolean isWanted(EvaluationFailed event) {
    if (event.getUnit() == null) {
      return sweep.map(id -> id.equals(event.getSweep())).orElse(isOfAnyUnit);
    }
    return models.test(Keys.model(event.getUnit().getCheckpoint()))
        && tasks.test(event.getUnit().getTask())
        && scope().map(scope -> scope.covers(event.getUnit())).orElse(true);
  }

  private boolean isInScope(String task, String version, int shots, String dtype) {
    return scope().map(scope -> scope.coversTask(task, version, shots, dtype)).orElse(true);
  }

  private Optional<SweepScope> scope() {
    return sweep.flatMap(id -> views.sweeps().get(id)).map(this::scope);
  }

  /** Made once: to compile a sweep's patterns for each row would cost more than to match them. */
  private SweepScope scope(Sweep known) {
    if (known != scoped) {
      scope = SweepScope.of(known, views);
      scoped = known;
    }
    return scope;
  }
}
