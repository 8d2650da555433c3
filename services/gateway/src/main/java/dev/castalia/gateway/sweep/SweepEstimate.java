package dev.castalia.gateway.sweep;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.Scorecard;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.events.TaskRegistered;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.ScorerActivity;
import dev.castalia.gateway.view.Views;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.Slicing;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What a sweep would amount to, were it asked for now. */
@Schema(
    name = "SweepEstimate",
    description = "What a sweep would amount to, were it asked for now.")
public record SweepEstimate(
    @Schema(description = "All of it.") SweepPlan plan,
    @Schema(description = "Of the units, scored already.", examples = "2112") long scoredUnits,
    @Schema(description = "Floating-point operations that are left.", examples = "7.5e11")
        double operationsLeft,
    @Schema(description = "Scorers that were at work of late.", examples = "2") int scorers,
    @Schema(
            description =
                "Seconds of one scorer's time for what is left, by how fast scorers have been;"
                    + " null where none has been at work.",
            examples = "15.2",
            nullable = true)
        Double scorerSeconds) {

  /**
   * @throws IllegalArgumentException if the sweep's patterns or steps mean nothing
   */
  static SweepEstimate of(SweepRequested sweep, Views views, Instant now) {
    List<CheckpointPublished> covered =
        SweepPlan.loadable(
            sweep, views.checkpoints().rows().stream().map(Row::value).toList(), views);
    long scoredUnits = 0;
    double operations = 0;
    for (SweepTask wanted : sweep.getTasks()) {
      TaskRegistered task = views.tasks().get(wanted.getTask()).orElse(null);
      if (task == null) {
        continue;
      }
      int shots = wanted.getShots() == null ? task.getShots() : wanted.getShots();
      for (CheckpointPublished checkpoint : covered) {
        String key = Keys.scorecard(Keys.of(checkpoint), task.getTask(), shots, sweep.getDtype());
        int scored =
            views
                .scorecards()
                .get(key)
                .filter(card -> card.getVersion().equals(task.getVersion()))
                .map(Scorecard::getDocuments)
                .orElse(0);
        scoredUnits +=
            scored >= task.getDocuments() ? Slicing.count(task) : scored / task.getSliceDocuments();
        operations +=
            2.0
                * checkpoint.getParameters()
                * task.getMeanTokens()
                * Math.max(0, task.getDocuments() - scored);
      }
    }
    List<ScorerActivity> known = views.scorers().rows().stream().map(Row::value).toList();
    List<ScorerActivity> atWork =
        known.stream().filter(it -> it.atWorkUntil().isAfter(now)).toList();
    double left = operations;
    return new SweepEstimate(
        SweepPlan.of(sweep, views),
        scoredUnits,
        operations,
        atWork.size(),
        operationsPerSecond(atWork.isEmpty() ? known : atWork, views)
            .map(speed -> left / speed)
            .orElse(null));
  }

  /** Of one scorer, on the average; empty where none has been seen at work. */
  private static Optional<Double> operationsPerSecond(List<ScorerActivity> scorers, Views views) {
    return Optional.of(
            scorers.stream()
                .mapToDouble(
                    it ->
                        views
                            .checkpoints()
                            .get(it.checkpoint())
                            .map(of -> 2.0 * of.getParameters() * it.tokensPerSecond())
                            .orElse(0.0))
                .filter(speed -> speed > 0)
                .average()
                .orElse(0))
        .filter(speed -> speed > 0);
  }
}
