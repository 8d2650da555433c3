package dev.castalia.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.topology.ledger.Pools;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class AggregatorMetricsTest {

  @Test
  void anAggregatorThatDoesNotRunIsToldFromOneWithoutBacklog() {
    MeterRegistry registry = new SimpleMeterRegistry();
    AtomicBoolean running = new AtomicBoolean();
    new AggregatorMetrics(registry, Pools.one(1).all(), running::get);

    assertThat(value(registry, "castalia.ledger.backlog.units")).isZero();
    assertThat(value(registry, "castalia.aggregator.running")).isZero();
    running.set(true);
    assertThat(value(registry, "castalia.aggregator.running")).isOne();
  }

  @Test
  void whatIsPutAsideIsCounted() {
    MeterRegistry registry = new SimpleMeterRegistry();
    AggregatorMetrics metrics = new AggregatorMetrics(registry, Pools.one(1).all(), () -> true);

    metrics.putAside();

    assertThat(registry.get("castalia.dead.letters").counter().count()).isOne();
  }

  private static double value(MeterRegistry registry, String name) {
    return registry.get(name).gauge().value();
  }
}
