package dev.castalia.gateway.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.Finding;
import dev.castalia.events.Leaderboard;
import dev.castalia.events.Scorecard;
import dev.castalia.events.SweepProgress;
import dev.castalia.events.TaskRegistered;
import dev.castalia.events.Trajectory;
import dev.castalia.gateway.board.Leaderboards;
import dev.castalia.gateway.catalog.Checkpoint;
import dev.castalia.gateway.catalog.Task;
import dev.castalia.gateway.failure.Failure;
import dev.castalia.gateway.finding.FindingForm;
import dev.castalia.gateway.score.ScorecardForms.ScorecardRow;
import dev.castalia.gateway.scorer.ScorerForm;
import dev.castalia.gateway.sweep.Progress;
import dev.castalia.gateway.sweep.SweepSummary;
import dev.castalia.gateway.trajectory.TrajectoryForm;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.ScorerActivity;
import dev.castalia.gateway.view.Sweep;
import dev.castalia.gateway.view.Views;
import jakarta.inject.Singleton;

/**
 * Rows as readers of the events get them, in JSON. What many readers get alike is written once: the
 * latest forms are kept, up to {@value #MOST_CHARACTERS} characters of them.
 */
@Singleton
class RowForms {

  private static final long MOST_CHARACTERS = 16_000_000;

  private final Views views;
  private final ObjectMapper json;

  /** By the row itself: a row never changes, another one takes its place. */
  private final Cache<Row<?>, String> written =
      Caffeine.newBuilder()
          .weakKeys()
          .maximumWeight(MOST_CHARACTERS)
          .weigher((Row<?> row, String text) -> text.length())
          .build();

  RowForms(Views views, ObjectMapper json) {
    this.views = views;
    this.json = json;
  }

  /** The row's value in JSON. */
  String json(Row<?> row) {
    return switch (row.value()) {
      // These also tell what other topics say of the sweep.
      case SweepProgress event -> write(Progress.of(event.getSweep(), views));
      case Sweep event -> write(SweepSummary.of(event, views));
      default -> written.get(row, fresh -> write(form(fresh)));
    };
  }

  private Object form(Row<?> row) {
    return switch (row.value()) {
      case Leaderboard event -> Leaderboards.Top.of(event);
      case Trajectory event -> TrajectoryForm.of(event);
      case Finding event -> FindingForm.of(event);
      case Scorecard event -> ScorecardRow.of(event);
      case EvaluationFailed event ->
          Failure.of(new Row<>(row.key(), event, row.partition(), row.offset(), row.at()));
      case CheckpointPublished event -> Checkpoint.of(event);
      case TaskRegistered event -> Task.of(event);
      case ScorerActivity activity -> ScorerForm.of(activity);
      default -> throw new IllegalArgumentException("nobody can watch a " + row.value().getClass());
    };
  }

  private String write(Object form) {
    try {
      return json.writeValueAsString(form);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a row cannot be written as JSON", e);
    }
  }
}
