package dev.castalia.cli.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * A sweep as it is asked for. What is null is left to the gateway.
 *
 * @param sweep id; the gateway makes one where it is null
 * @param requestedBy who asks
 * @param models patterns over models or model@revision, at least one
 * @param steps such as all, log, every:1000 or 0,512,1000
 * @param tasks names, tags or patterns, at least one; with :N behind, at N shots
 * @param shots for tasks that do not say
 * @param dtype float32 or float16
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SweepOrder(
    String sweep,
    String requestedBy,
    List<String> models,
    String steps,
    List<String> tasks,
    Integer shots,
    String dtype,
    Boolean standing,
    Integer priority) {

  /** The same under an id. */
  public SweepOrder under(String sweep) {
    return new SweepOrder(
        sweep, requestedBy, models, steps, tasks, shots, dtype, standing, priority);
  }

  /** The same for other models. */
  public SweepOrder of(List<String> models) {
    return new SweepOrder(
        sweep, requestedBy, models, steps, tasks, shots, dtype, standing, priority);
  }
}
