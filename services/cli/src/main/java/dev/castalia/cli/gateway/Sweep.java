package dev.castalia.cli.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * A sweep as the gateway gives it. Of a cancelled one there is no more than id, who cancelled it,
 * when, and progress; the rest is null.
 *
 * @param plan what it amounts to by what is published now; null in lists
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Sweep(
    String sweep,
    String requestedBy,
    String requestedAt,
    List<String> models,
    String steps,
    List<Task> tasks,
    String dtype,
    Boolean standing,
    Integer priority,
    String cancelledBy,
    String cancelledAt,
    Plan plan,
    SweepProgress progress) {

  /** A task of a sweep; null version to follow the latest, null shots for the task's own. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Task(String task, String version, Integer shots) {}

  /**
   * @param units slices of tasks on checkpoints
   * @param tokens through the models, estimated
   * @param operations floating-point, estimated
   */
  public record Plan(
      int checkpoints,
      long units,
      long documents,
      double tokens,
      double operations,
      List<ModelPlan> models,
      List<TaskPlan> tasks) {}

  /** How many of a model's checkpoints a sweep covers. */
  public record ModelPlan(String model, int checkpoints) {}

  /** A task as it will be evaluated; units a checkpoint, null where they are not known. */
  public record TaskPlan(String task, String version, int shots, Integer units) {}
}
