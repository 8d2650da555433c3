package dev.castalia.aggregator;

import dev.castalia.schemas.EventSerdes;
import dev.castalia.schemas.Topic;
import dev.castalia.topology.CastaliaTopology;
import dev.castalia.topology.TopologySettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jboss.logging.Logger;

/**
 * Runs the topology once its topics are there. A thread that fails is replaced after a pause: what
 * it had not committed is read again, so a broker or registry that is away for a while costs time
 * and nothing else.
 */
@ApplicationScoped
public class StreamsHost {

  private static final Logger LOG = Logger.getLogger(StreamsHost.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration CLOSE = Duration.ofSeconds(20);

  private final AggregatorConfig config;
  private final MeterRegistry meters;
  private final TopologySettings settings;
  private final AggregatorMetrics metrics;
  private Thread starter;
  private volatile KafkaStreams streams;

  StreamsHost(AggregatorConfig config, MeterRegistry meters) {
    this.config = config;
    this.meters = meters;
    this.settings = StreamsSettings.topology(config);
    this.metrics = new AggregatorMetrics(meters, settings.ledger().pools().all(), this::isRunning);
  }

  void start(@Observes StartupEvent event) {
    starter = Thread.ofVirtual().name("streams-starter").start(this::startOrEnd);
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    starter.interrupt();
    starter.join(CLOSE);
    if (streams != null) {
      streams.close(CLOSE);
    }
  }

  /** The state of the topology's threads, or null before they were started. */
  KafkaStreams.State state() {
    return streams == null ? null : streams.state();
  }

  boolean isRunning() {
    return state() == KafkaStreams.State.RUNNING;
  }

  /** Ends the service where the topology cannot be started: whoever runs it then starts another. */
  private void startOrEnd() {
    try {
      awaitTopics();
      startTopology();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("The topology cannot be started, and the service ends", e);
      Quarkus.asyncExit(1);
    }
  }

  private void startTopology() {
    EventSerdes serdes = new EventSerdes(config.registryUrl());
    KafkaStreams created =
        new KafkaStreams(
            new CastaliaTopology(serdes::of, settings, metrics).build(),
            StreamsSettings.streams(config));
    created.setUncaughtExceptionHandler(StreamsHost::replace);
    created.setStateListener((to, from) -> LOG.infof("The topology is %s, was %s", to, from));
    new KafkaStreamsMetrics(created).bindTo(meters);
    created.start();
    streams = created;
  }

  private void awaitTopics() throws InterruptedException {
    List<String> names = Arrays.stream(Topic.values()).map(Topic::topicName).toList();
    try (Admin admin = Admin.create(config.kafka().settings())) {
      while (true) {
        try {
          admin.describeTopics(names).allTopicNames().get();
          return;
        } catch (ExecutionException e) {
          LOG.infof("Waiting for the topics: %s", e.getCause().getMessage());
          Thread.sleep(PAUSE);
        }
      }
    }
  }

  private static StreamThreadExceptionResponse replace(Throwable error) {
    LOG.error("A thread of the topology failed and will be replaced", error);
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }
}
