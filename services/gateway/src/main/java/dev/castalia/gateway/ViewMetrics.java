package dev.castalia.gateway;

import dev.castalia.gateway.view.View;
import dev.castalia.gateway.view.ViewReader;
import dev.castalia.gateway.view.Views;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** How much the views hold, how far behind they are, and what they could not read. */
@Singleton
public class ViewMetrics {

  void register(
      @Observes StartupEvent event, MeterRegistry metrics, Views views, ViewReader reader) {
    for (View<?> view : views.all()) {
      Gauge.builder("castalia.gateway.view.rows", view, View::size)
          .tag("topic", view.topic().topicName())
          .description("Keys that the view holds")
          .register(metrics);
    }
    Gauge.builder("castalia.gateway.view.lag.records", reader, ViewReader::lag)
        .description("Records that are in the topics and not yet in the views, as far as is known")
        .register(metrics);
    Gauge.builder("castalia.gateway.view.complete", views, known -> known.complete() ? 1 : 0)
        .description(
            "1 when the views hold everything that was in the topics when they were opened")
        .register(metrics);
    Gauge.builder("castalia.gateway.view.reading", reader, it -> it.trouble().isEmpty() ? 1 : 0)
        .description(
            "1 while the topics are read on, 0 while brokers or registry do not answer or once an"
                + " error has ended it")
        .register(metrics);
    FunctionCounter.builder("castalia.gateway.unreadable.records", reader, ViewReader::unreadable)
        .description("Records that were passed over")
        .register(metrics);
  }
}
