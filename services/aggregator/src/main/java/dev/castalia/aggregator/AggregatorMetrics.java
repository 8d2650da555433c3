package dev.castalia.aggregator;

import dev.castalia.topology.TopologyMonitor;
import dev.castalia.topology.ledger.Pool;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;

/**
 * What operators watch the intake, the ledger, the boards and the findings by, the {@link Journal}
 * apart. Of the backlog every aggregator tells what its partitions have: the sum over all of them
 * is the mesh's.
 */
final class AggregatorMetrics implements TopologyMonitor {

  private static final Duration[] DELAYS = {
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5)
  };

  private record Part(int partition, String pool) {}

  private final Map<Part, Backlog> backlogs = new ConcurrentHashMap<>();
  private final Counter scored;
  private final Counter failed;
  private final Counter deadLetters;
  private final Counter notComputed;
  private final Timer boardDelay;

  AggregatorMetrics(MeterRegistry registry, List<Pool> pools, BooleanSupplier running) {
    Gauge.builder("castalia.aggregator.running", () -> running.getAsBoolean() ? 1 : 0)
        .description("Whether the topology's threads run: else the backlog is not known here")
        .register(registry);
    for (Pool pool : pools) {
      gauge(
          registry,
          "castalia.ledger.backlog.gpu.seconds",
          "What one scorer of the pool would take for all units that are not answered, as estimated",
          pool,
          Backlog::seconds);
      gauge(
          registry,
          "castalia.ledger.backlog.units",
          "Units that sweeps want and that are not answered",
          pool,
          Backlog::units);
      gauge(
          registry,
          "castalia.ledger.outstanding.requests",
          "Requests that are handed out and not answered in full",
          pool,
          Backlog::bundles);
    }
    scored =
        Counter.builder("castalia.ledger.scored.units")
            .description("Units that were scored for the first time")
            .register(registry);
    failed =
        Counter.builder("castalia.ledger.failed.units")
            .description("Units that failed for good")
            .register(registry);
    deadLetters =
        Counter.builder("castalia.dead.letters")
            .description("Records that mean nothing and were put aside: the failures say why")
            .register(registry);
    notComputed =
        Counter.builder("castalia.findings.failed.computations")
            .description("Computations of findings that failed: the log has their keys")
            .register(registry);
    boardDelay =
        Timer.builder("castalia.board.delay")
            .description("From a score's being made to the first board that has it")
            .serviceLevelObjectives(DELAYS)
            .register(registry);
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      String description,
      Pool pool,
      ToDoubleFunction<Backlog> value) {
    Gauge.builder(name, this, it -> it.sum(pool.name(), value))
        .tag("pool", pool.name())
        .description(description)
        .register(registry);
  }

  private double sum(String pool, ToDoubleFunction<Backlog> value) {
    return backlogs.entrySet().stream()
        .filter(it -> it.getKey().pool().equals(pool))
        .mapToDouble(it -> value.applyAsDouble(it.getValue()))
        .sum();
  }

  @Override
  public void backlog(int partition, String pool, Backlog backlog) {
    backlogs.put(new Part(partition, pool), backlog);
  }

  @Override
  public void closed(int partition) {
    backlogs.keySet().removeIf(it -> it.partition() == partition);
  }

  @Override
  public void scored(int units) {
    scored.increment(units);
  }

  @Override
  public void failed(int units) {
    failed.increment(units);
  }

  @Override
  public void issued(String sweep, String checkpoint, String request, int units, double seconds) {
    Journal.issued(sweep, checkpoint, request, units, seconds);
  }

  @Override
  public void late(String checkpoint, String request, int units) {
    Journal.late(checkpoint, request, units);
  }

  @Override
  public void givenUp(String checkpoint, String request, String unit, String reason) {
    Journal.givenUp(checkpoint, request, unit, reason);
  }

  @Override
  public void putAside() {
    deadLetters.increment();
  }

  @Override
  public void notComputed(String stage, String key, RuntimeException error) {
    notComputed.increment();
    Journal.notComputed(stage, key, error);
  }

  @Override
  public void boardPublished(Duration age) {
    boardDelay.record(age);
  }
}
