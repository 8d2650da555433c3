package dev.castalia.gateway.failure;

import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.UnitId;
import dev.castalia.gateway.view.Row;
import dev.castalia.schemas.Glob;
import dev.castalia.schemas.Keys;
import jakarta.ws.rs.QueryParam;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** Which failures are meant, by what failed. */
public class FailureFilter {

  @Parameter(description = "Only models that match, with * and ?.")
  @QueryParam("model")
  String model;

  @Parameter(description = "Only tasks that match, with * and ?.")
  @QueryParam("task")
  String task;

  @Parameter(description = "Only this kind.", example = "EXHAUSTED")
  @QueryParam("kind")
  String kind;

  Predicate<Row<EvaluationFailed>> predicate() {
    Predicate<UnitId> units = units();
    return row ->
        units.test(row.value().getUnit())
            && (kind == null || kind.equals(row.value().getKind().name()));
  }

  private Predicate<UnitId> units() {
    if (model == null && task == null) {
      return unit -> true;
    }
    Predicate<String> models = Glob.anyOf(model);
    Predicate<String> tasks = Glob.anyOf(task);
    return unit ->
        unit != null && models.test(Keys.model(unit.getCheckpoint())) && tasks.test(unit.getTask());
  }
}
