package dev.castalia.gateway.live;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.Leaderboard;
import dev.castalia.events.Scorecard;
import dev.castalia.events.SweepProgress;
import dev.castalia.events.TaskRegistered;
import dev.castalia.events.Trajectory;
import dev.castalia.gateway.api.Parameters;
import dev.castalia.gateway.board.Leaderboards;
import dev.castalia.gateway.catalog.Checkpoint;
import dev.castalia.gateway.catalog.Task;
import dev.castalia.gateway.failure.Failure;
import dev.castalia.gateway.score.ScorecardForms.ScorecardRow;
import dev.castalia.gateway.sweep.Progress;
import dev.castalia.gateway.sweep.SweepScope;
import dev.castalia.gateway.sweep.SweepSummary;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.Sweep;
import dev.castalia.gateway.view.Views;
import dev.castalia.schemas.Keys;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What one reader watches: which rows of which topics, and in which form. */
final class Watch {

  private final Views views;
  private final Set<LiveTopic> topics;
  private final Predicate<String> models;
  private final Predicate<String> tasks;
  private final Optional<String> sweep;
  private final String description;

  /**
   * @param model pattern; null for all
   * @param task pattern; null for all
   * @param sweep id; null for all
   */
  Watch(Views views, Set<LiveTopic> topics, String model, String task, String sweep) {
    this.views = views;
    this.topics = topics;
    this.models = Parameters.glob(model);
    this.tasks = Parameters.glob(task);
    this.sweep = Optional.ofNullable(sweep);
    this.description =
        topics.stream().map(LiveTopic::word).collect(Collectors.joining(","))
            + "|"
            + model
            + "|"
            + task
            + "|"
            + sweep;
  }

  Set<LiveTopic> topics() {
    return topics;
  }

  /** Equal for watches of the same. */
  String description() {
    return description;
  }

  /** The row as the reader gets it; empty where it does not want it. */
  Optional<Object> form(Row<?> row) {
    return Optional.ofNullable(
        switch (row.value()) {
          case SweepProgress event when isOfSweep(event.getSweep()) ->
              Progress.of(event.getSweep(), views);
          case Sweep event when isOfSweep(event.id()) -> SweepSummary.of(event, views);
          case Leaderboard event
              when tasks.test(event.getTask())
                  && isInScope(
                      event.getTask(), event.getVersion(), event.getShots(), event.getDtype()) ->
              Leaderboards.Top.of(event);
          case Trajectory event
              when models.test(event.getModel())
                  && tasks.test(event.getTask())
                  && isInScope(
                      event.getTask(), event.getVersion(), event.getShots(), event.getDtype()) ->
              dev.castalia.gateway.trajectory.TrajectoryForm.of(event);
          case Scorecard event
              when isWanted(event.getCheckpoint())
                  && tasks.test(event.getTask())
                  && isInScope(
                      event.getTask(), event.getVersion(), event.getShots(), event.getDtype()) ->
              ScorecardRow.of(event);
          case EvaluationFailed event when isWanted(event) ->
              Failure.of(new Row<>(row.key(), event, row.partition(), row.offset(), row.at()));
          case CheckpointPublished event when isWanted(event) -> Checkpoint.of(event);
          case TaskRegistered event when tasks.test(event.getTask()) -> Task.of(event);
          case null, default -> null;
        });
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
      return sweep.isEmpty();
    }
    return models.test(Keys.model(event.getUnit().getCheckpoint()))
        && tasks.test(event.getUnit().getTask())
        && scope().map(scope -> scope.covers(event.getUnit())).orElse(true);
  }

  private boolean isInScope(String task, String version, int shots, String dtype) {
    return scope().map(scope -> scope.coversTask(task, version, shots, dtype)).orElse(true);
  }

  private Optional<SweepScope> scope() {
    return sweep.flatMap(id -> views.sweeps().get(id)).map(known -> SweepScope.of(known, views));
  }
}
