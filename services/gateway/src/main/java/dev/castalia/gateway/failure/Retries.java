package dev.castalia.gateway.failure;

import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.RetryRequested;
import dev.castalia.gateway.cluster.EventWriter;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.SweepScope;
import dev.castalia.gateway.view.Views;
import dev.castalia.schemas.Topic;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Has failed units tried again. */
@Singleton
public class Retries {

  private final EventWriter writer;
  private final Views views;

  Retries(EventWriter writer, Views views) {
    this.writer = writer;
    this.views = views;
  }

  @Schema(name = "Retried", description = "What a retry amounts to.")
  public record Retried(@Schema(description = "Units tried again.", examples = "12") int retried) {}

  /**
   * Has those of the failures tried again that are a unit's. Records that could not be read and
   * tasks that nobody registered are left out: trying again would not help them. So are units that
   * no sweep wants any more: they would not be tried, and nothing would tell of them.
   *
   * @param by who asks
   * @throws ProblemException if there are units among them, but no sweep wants any
   */
  public Retried retry(List<Row<EvaluationFailed>> failures, String by) {
    Instant now = Instant.now();
    List<Row<EvaluationFailed>> ofUnits =
        failures.stream().filter(row -> row.value().getUnit() != null).toList();
    List<EventWriter.Entry> retries =
        wanted(ofUnits).stream().map(row -> entry(row, by, now)).toList();
    if (retries.isEmpty() && !ofUnits.isEmpty()) {
      throw ProblemException.conflict(
          "not-wanted",
          "Not wanted",
          "No sweep wants what failed there any more: request a new one, which tries it again.");
    }
    writer.write(Topic.FAILURES, retries);
    return new Retried(retries.size());
  }

  private List<Row<EvaluationFailed>> wanted(List<Row<EvaluationFailed>> ofUnits) {
    List<SweepScope> sweeps =
        views.sweeps().rows().stream().map(sweep -> SweepScope.of(sweep.value(), views)).toList();
    return ofUnits.stream()
        .filter(row -> sweeps.stream().anyMatch(sweep -> sweep.covers(row.value().getUnit())))
        .toList();
  }

  /** The retry takes the failure's place, so it lies where that lies. */
  private static EventWriter.Entry entry(Row<EvaluationFailed> row, String by, Instant now) {
    Instant at = now.isAfter(row.value().getFailedAt()) ? now : row.value().getFailedAt();
    return new EventWriter.Entry(new RetryRequested(row.value().getUnit(), by, at))
        .in(row.partition());
  }
}
