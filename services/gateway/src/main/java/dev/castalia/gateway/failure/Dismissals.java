package dev.castalia.gateway.failure;

import dev.castalia.events.EvaluationFailed;
import dev.castalia.gateway.cluster.EventWriter;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.Views;
import dev.castalia.schemas.Topic;
import dev.castalia.topology.intake.EventRules;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Puts failures away that nobody will mend. */
@Singleton
public class Dismissals {

  private final EventWriter writer;

  Dismissals(EventWriter writer) {
    this.writer = writer;
  }

  @Schema(name = "Dismissed", description = "What a dismissal amounts to.")
  public record Dismissed(
      @Schema(description = "Failures put away.", examples = "12") int dismissed) {}

  /**
   * Puts the failures away. A unit's stays on the topic, marked, for an aggregator that builds its
   * state anew: without it, that would have the unit tried again. Any other is deleted.
   *
   * @param by who asks
   * @throws ProblemException if they could not be written; some of them may have been
   */
  public Dismissed dismiss(List<Row<EvaluationFailed>> failures, String by) {
    Map<String, String> headers = Map.of(Views.DISMISSED_BY, by);
    writer.write(
        Topic.FAILURES,
        failures.stream()
            .map(
                row ->
                    new EventWriter.Entry(
                        row.key(), isOfUnit(row) ? row.value() : null, headers, row.partition()))
            .toList());
    return new Dismissed(failures.size());
  }

  /** Whether the aggregator takes it for what became of a unit. */
  private static boolean isOfUnit(Row<EvaluationFailed> row) {
    try {
      return row.key().equals(EventRules.check(row.value()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
