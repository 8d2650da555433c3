package dev.castalia.gateway.sweep;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.events.TaskRegistered;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.Views;
import dev.castalia.topology.Slicing;
import dev.castalia.topology.SweepCoverage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What a sweep amounts to, by the checkpoints and tasks there are now. */
@Schema(name = "SweepPlan", description = "What a sweep amounts to, by what is published now.")
public record SweepPlan(
    @Schema(description = "Checkpoints covered.", examples = "176") int checkpoints,
    @Schema(description = "Units: slices of tasks on checkpoints.", examples = "4224") long units,
    @Schema(description = "Documents to score.", examples = "422400") long documents,
    @Schema(description = "Tokens through the models, estimated.", examples = "10348800")
        double tokens,
    @Schema(
            description = "Floating-point operations, estimated as 2 a parameter and token.",
            examples = "1.5e12")
        double operations,
    @Schema(description = "Checkpoints by model, in the order of names.") List<ModelPlan> models,
    @Schema(description = "The tasks, as they will be evaluated.") List<TaskPlan> tasks) {

  @Schema(name = "ModelPlan")
  public record ModelPlan(
      @Schema(description = "The training run.", examples = "nano-74k") String model,
      @Schema(description = "Its checkpoints covered.", examples = "14") int checkpoints) {}

  @Schema(name = "TaskPlan")
  public record TaskPlan(
      @Schema(description = "Name of the task.", examples = "nano_agreement") String task,
      @Schema(description = "Version evaluated; null to follow the latest.", nullable = true)
          String version,
      @Schema(description = "Few-shot examples.", examples = "0") int shots,
      @Schema(
              description =
                  "Units a checkpoint; null where that version is not the registered one.",
              examples = "3",
              nullable = true)
          Integer units) {}

  /**
   * @throws IllegalArgumentException if the sweep's patterns or steps mean nothing
   */
  static SweepPlan of(SweepRequested sweep, Views views) {
    return of(sweep, views.checkpoints().rows().stream().map(Row::value).toList(), views);
  }

  /**
   * The same, were these checkpoints what is published.
   *
   * @throws IllegalArgumentException if the sweep's patterns or steps mean nothing
   */
  static SweepPlan of(SweepRequested sweep, List<CheckpointPublished> published, Views views) {
    List<CheckpointPublished> covered = loadable(sweep, published, views);
    Map<String, Integer> models = new TreeMap<>();
    double parameters = 0;
    for (CheckpointPublished checkpoint : covered) {
      models.merge(checkpoint.getModel(), 1, Integer::sum);
      parameters += checkpoint.getParameters();
    }
    List<TaskPlan> tasks = new ArrayList<>();
    long units = 0;
    long documents = 0;
    double tokens = 0;
    for (SweepTask wanted : sweep.getTasks()) {
      TaskRegistered task = registered(wanted, views);
      tasks.add(plan(wanted, task));
      if (task != null) {
        units += Slicing.count(task);
        documents += task.getDocuments();
        tokens += task.getDocuments() * task.getMeanTokens();
      }
    }
    int checkpoints = covered.size();
    return new SweepPlan(
        checkpoints,
        units * checkpoints,
        documents * checkpoints,
        tokens * checkpoints,
        2 * parameters * tokens,
        models.entrySet().stream()
            .map(model -> new ModelPlan(model.getKey(), model.getValue()))
            .toList(),
        tasks);
  }

  /**
   * Those that the sweep covers and that can be loaded.
   *
   * @throws IllegalArgumentException if the sweep's patterns or steps mean nothing
   */
  static List<CheckpointPublished> loadable(
      SweepRequested sweep, List<CheckpointPublished> published, Views views) {
    SweepCoverage coverage = SweepCoverage.of(sweep);
    return published.stream().filter(coverage::covers).filter(views::isLoadable).toList();
  }

  private static TaskRegistered registered(SweepTask wanted, Views views) {
    return views
        .tasks()
        .get(wanted.getTask())
        .filter(
            task -> wanted.getVersion() == null || wanted.getVersion().equals(task.getVersion()))
        .orElse(null);
  }

  private static TaskPlan plan(SweepTask wanted, TaskRegistered task) {
    int ownShots = task == null ? 0 : task.getShots();
    return new TaskPlan(
        wanted.getTask(),
        wanted.getVersion(),
        wanted.getShots() == null ? ownShots : wanted.getShots(),
        task == null ? null : Slicing.count(task));
  }
}
