package dev.castalia.gateway.failure;

import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.RetryRequested;
import dev.castalia.gateway.cluster.EventWriter;
import dev.castalia.gateway.view.Row;
import dev.castalia.schemas.Topic;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Has failed units tried again. */
@Singleton
public class Retries {

  private final EventWriter writer;

  Retries(EventWriter writer) {
    this.writer = writer;
  }

  @Schema(name = "Retried", description = "What a retry amounts to.")
  public record Retried(@Schema(description = "Units tried again.", examples = "12") int retried) {}

  /**
   * Has those of the failures tried again that are a unit's. Records that could not be read and
   * tasks that nobody registered are left out: trying again would not help them.
   *
   * @param by who asks
   */
  public Retried retry(List<Row<EvaluationFailed>> failures, String by) {
    Instant now = Instant.now();
    List<EventWriter.Entry> retries =
        failures.stream()
            .filter(row -> row.value().getUnit() != null)
            .map(row -> entry(row, by, now))
            .toList();
    writer.write(Topic.FAILURES, retries);
    return new Retried(retries.size());
  }

  /** The retry takes the failure's place, so it lies where that lies. */
  private static EventWriter.Entry entry(Row<EvaluationFailed> row, String by, Instant now) {
    Instant at = now.isAfter(row.value().getFailedAt()) ? now : row.value().getFailedAt();
    return new EventWriter.Entry(new RetryRequested(row.value().getUnit(), by, at))
        .in(row.partition());
  }
}
