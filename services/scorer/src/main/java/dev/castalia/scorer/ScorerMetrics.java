package dev.castalia.scorer;

import dev.castalia.events.FailureKind;
import dev.castalia.scoring.score.SliceScores;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;

/** What operators watch a scorer by. Rates are for Prometheus to take from the totals. */
final class ScorerMetrics {

  private final Counter documents;
  private final Counter tokens;
  private final DistributionSummary batchFill;
  private final Timer loading;
  private final Timer scoring;
  private final Counter redeliveries;
  private final Counter deadLetters;
  private final Map<FailureKind, Counter> failures = new EnumMap<>(FailureKind.class);

  /**
   * @param busySlots how many compute now
   * @param allSlots of so many
   */
  ScorerMetrics(MeterRegistry registry, IntSupplier busySlots, int allSlots) {
    documents =
        Counter.builder("castalia.scorer.documents")
            .description("Documents scored")
            .register(registry);
    tokens =
        Counter.builder("castalia.scorer.tokens")
            .description("Tokens through the model, padding left out")
            .register(registry);
    batchFill =
        DistributionSummary.builder("castalia.scorer.batch.fill.ratio")
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
    deadLetters =
        Counter.builder("castalia.dead.letters")
            .description("Records that mean nothing and were put aside: the failures say why")
            .register(registry);
    for (FailureKind kind : FailureKind.values()) {
      failures.put(
          kind,
          Counter.builder("castalia.scorer.failed.units")
              .tag("kind", kind.name().toLowerCase(Locale.ROOT))
              .description("Units that were answered with a failure")
              .register(registry));
    }
    Gauge.builder("castalia.scorer.busy.slots", busySlots::getAsInt)
        .description("Slots that compute")
        .register(registry);
    Gauge.builder("castalia.scorer.slots", () -> allSlots)
        .description("Checkpoints that may be scored at once: a GPU each, or a CPU's share")
        .register(registry);
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

  void putAside() {
    deadLetters.increment();
  }

  void failed(FailureKind kind) {
    failures.get(kind).increment();
  }
}
