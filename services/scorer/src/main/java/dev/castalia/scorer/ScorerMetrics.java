package dev.castalia.scorer;

import dev.castalia.scoring.score.SliceScores;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.IntSupplier;

/** What operators watch a scorer by. Rates are for Prometheus to take from the totals. */
final class ScorerMetrics {

  private final Counter documents;
  private final Counter tokens;
  private final DistributionSummary batchFill;
  private final Timer loading;
  private final Timer scoring;
  private final Counter redeliveries;
  private final MeterRegistry registry;

  /**
   * @param busySlots how many compute now
   */
  ScorerMetrics(MeterRegistry registry, IntSupplier busySlots) {
    this.registry = registry;
    documents =
        Counter.builder("castalia.scorer.documents")
            .description("Documents scored")
            .register(registry);
    tokens =
        Counter.builder("castalia.scorer.tokens")
            .description("Tokens through the model, padding left out")
            .register(registry);
    batchFill =
        DistributionSummary.builder("castalia.scorer.batch.fill")
            .description("Share of the places in a slice's batches that held a token, 0 to 1")
            .register(registry);
    loading =
        Timer.builder("castalia.scorer.load")
            .description("Opening a checkpoint: fingerprint, graph, weights")
            .register(registry);
    scoring =
        Timer.builder("castalia.scorer.slice").description("Scoring one slice").register(registry);
    redeliveries =
        Counter.builder("castalia.scorer.redeliveries")
            .description("Requests that some scorer had before")
            .register(registry);
    registry.gauge("castalia.scorer.busy.slots", busySlots, IntSupplier::getAsInt);
  }

  void loaded(Duration time) {
    loading.record(time);
  }

  void scored(SliceScores scores, Duration time) {
    documents.increment(scores.documents());
    tokens.increment(scores.tokens());
    batchFill.record((double) scores.tokens() / scores.places());
    scoring.record(time);
  }

  void redelivered() {
    redeliveries.increment();
  }

  void failed(String kind) {
    registry.counter("castalia.scorer.failures", "kind", kind).increment();
  }
}
