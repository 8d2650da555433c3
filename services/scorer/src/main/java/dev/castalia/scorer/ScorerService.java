package dev.castalia.scorer;

import dev.castalia.schemas.EventReader;
import dev.castalia.schemas.EventSerdes;
import dev.castalia.schemas.Groups;
import dev.castalia.schemas.Topic;
import dev.castalia.scoring.model.Device;
import dev.castalia.scoring.model.ModelOptions;
import dev.castalia.scoring.source.Locations;
import dev.castalia.scoring.source.Roots;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.logging.Logger;

/**
 * The scorer: some slots that compute, and as many lanes that bring them work and some more, which
 * open checkpoints ahead.
 */
@ApplicationScoped
public class ScorerService {

  private static final Logger LOG = Logger.getLogger(ScorerService.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final ScorerConfig config;
  private final MeterRegistry meters;
  private final List<Lane> lanes = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private Producer<String, byte[]> producer;

  ScorerService(ScorerConfig config, MeterRegistry meters) {
    this.config = config;
    this.meters = meters;
  }

  void start(@Observes StartupEvent event) {
    ScorerConfig.Scorer scorer = config.scorer();
    EventSerdes serdes = new EventSerdes(config.registryUrl());
    producer = new KafkaProducer<>(producerSettings());
    Slots slots = Slots.on(scorer.device(), scorer.slots());
    Map<Device, Evaluator> evaluators = evaluators(slots, serdes);
    for (int i = 0; i < scorer.slots() + scorer.ahead(); i++) {
      String name = "lane-" + (i + 1);
      Lane lane =
          new Lane(
              name,
              () -> new KafkaShareConsumer<>(consumerSettings()),
              evaluators.get(slots.ofLane(i)),
              scorer.renewEvery(),
              PAUSE);
      lanes.add(lane);
      threads.add(Thread.ofPlatform().name(name).start(lane));
    }
    LOG.infof(
        "Scorer %s: slots %d, threads of each %d, devices %s, checkpoints ahead %d",
        id(), scorer.slots(), threads(), slots.devices(), scorer.ahead());
  }

  private Map<Device, Evaluator> evaluators(Slots slots, EventSerdes serdes) {
    Answers answers = new Answers(producer, serdes.serializer());
    ScorerMetrics metrics = new ScorerMetrics(meters, slots::busy, config.scorer().slots());
    Requests requests =
        new Requests(new EventReader(serdes.deserializer()), answers, metrics, pool());
    Shelf shelf =
        new Shelf(
            Locations.ofEnvironment(config.scorer().cacheBytes())
                .within(new Roots(config.scorer().roots().orElse(List.of()))));
    ModelOptions options = ModelOptions.DEFAULT.withThreads(threads());
    return slots.devices().stream()
        .collect(
            Collectors.toMap(
                device -> device,
                device ->
                    new Evaluator(
                        id(),
                        slots.on(device),
                        requests,
                        answers,
                        metrics,
                        shelf,
                        new Opener(options.withDevice(device), shelf, metrics),
                        this::endWithoutDevice)));
  }

  /** Takes nothing more and ends: CUDA does not come back in a process in which it failed. */
  private void endWithoutDevice() {
    LOG.error("A GPU is lost to this process, and the service ends");
    lanes.forEach(Lane::close);
    Quarkus.asyncExit(1);
  }

  /**
   * Finishes the units in hand, gives the rest back, and only then lets go of Kafka. Lanes that
   * have nothing in hand leave the group before anything is given back: one of them would take it,
   * and what a consumer that closes has taken counts as given out once in vain.
   */
  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    long end = System.nanoTime() + config.scorer().drain().toNanos();
    lanes.forEach(Lane::close);
    for (int i = 0; i < lanes.size(); i++) {
      joinIdle(threads.get(i), lanes.get(i), end);
    }
    lanes.forEach(Lane::handBack);
    join(threads, Duration.ofNanos(end - System.nanoTime()));
    producer.close();
  }

  /** Waits for the lane's thread while it has nothing in hand, until that nanoTime. */
  static void joinIdle(Thread thread, Lane lane, long end) throws InterruptedException {
    while (thread.isAlive() && !lane.isBusy() && end - System.nanoTime() > 0) {
      thread.join(Lane.POLL);
    }
  }

  /** Waits for threads, so long for all of them together. */
  static void join(List<Thread> threads, Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    for (Thread thread : threads) {
      thread.join(Duration.ofNanos(end - System.nanoTime()));
    }
  }

  /** Whether every lane's thread runs. */
  boolean isAlive() {
    return threads.stream().allMatch(Thread::isAlive);
  }

  /** Whether every lane can take work. */
  boolean isReady() {
    return !lanes.isEmpty() && lanes.stream().allMatch(Lane::isReady);
  }

  private int threads() {
    int threads = config.scorer().threads();
    return threads > 0
        ? threads
        : Math.max(1, Runtime.getRuntime().availableProcessors() / config.scorer().slots());
  }

  private String pool() {
    return config.scorer().pool().orElse("");
  }

  private String id() {
    return config.scorer().id().orElseGet(ScorerService::hostAndProcess);
  }

  private static String hostAndProcess() {
    try {
      return InetAddress.getLocalHost().getHostName() + "-" + ProcessHandle.current().pid();
    } catch (UnknownHostException e) {
      return "scorer-" + ProcessHandle.current().pid();
    }
  }

  private Map<String, Object> consumerSettings() {
    Map<String, Object> settings = config.kafka().settings();
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, Groups.scorers(pool()));
    settings.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
    settings.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) Lane.POLL.toMillis());
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    return settings;
  }

  private Map<String, Object> producerSettings() {
    Map<String, Object> settings = config.kafka().settings();
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topic.MAX_DEAD_LETTER_BYTES);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 2L * Topic.MAX_DEAD_LETTER_BYTES);
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    return settings;
  }
}
