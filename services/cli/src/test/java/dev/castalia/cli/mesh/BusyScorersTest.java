package dev.castalia.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.cli.MadeUp;
import dev.castalia.cli.cluster.ClusterOptions;
import dev.castalia.cli.cluster.Installation;
import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.SweepOrder;
import dev.castalia.cli.gateway.TaskEntry;
import dev.castalia.cli.progress.SweepWatch;
import dev.castalia.cli.suite.Announcement;
import dev.castalia.cli.suite.SuitePublisher;
import dev.castalia.schemas.Keys;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.DoubleDeserializer;
import org.apache.kafka.common.serialization.DoubleSerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How busy 64 scorers are on Pythia's sizes, by the mesh's share group, and by a consumer group
 * that reads the same work by its key. Scorers only take the time that is proportional to
 * parameters and tokens; what is measured is how they come by their work.
 */
@Tag("manual")
@Tag("load")
class BusyScorersTest {

  private static final int SCORERS = 64;
  private static final int SECONDS = Integer.getInteger("castalia.load.seconds", 120);
  private static final List<Long> SIZES =
      List.of(
          14_000_000L,
          31_000_000L,
          70_000_000L,
          160_000_000L,
          410_000_000L,
          1_000_000_000L,
          1_400_000_000L,
          2_800_000_000L,
          6_900_000_000L,
          12_000_000_000L);
  private static final int STEPS = 15;

  /** The group by key has the same work at this speed: who has how much of it stays the same. */
  private static final int HASTE = 4;

  private static final int TASKS = 8;
  private static final int SLICES = 30;
  private static final int SLICE_DOCUMENTS = 10;
  private static final int TOKENS = 100;

  /** What all of it takes {@link #SCORERS} scorers {@link #SECONDS} at. */
  private static final double FLOPS =
      2.0
          * SIZES.stream().mapToLong(it -> it).sum()
          * (STEPS * TASKS * SLICES)
          * (SLICE_DOCUMENTS * TOKENS)
          / (SCORERS * SECONDS);

  /** When work was begun and how long it took, in seconds since the first. */
  private record Spell(double start, double seconds) {}

  @Test
  void sixtyFourScorersAreBusy() throws Exception {
    Map<String, String> settings =
        Map.of(
            "castalia.ledger.flops", Double.toString(FLOPS),
            "castalia.ledger.load-bytes-per-second", "1e15",
            "castalia.ledger.min-bundle", "4s",
            "castalia.ledger.max-bundle", "8s",
            "castalia.ledger.window", "96");
    List<Map.Entry<String, Double>> requests = Collections.synchronizedList(new ArrayList<>());
    try (LocalCluster cluster =
            LocalCluster.start(
                Installation.find(),
                ClusterOptions.withScorers(0).withSettings(settings),
                System.out::println);
        GatewayClient gateway = new GatewayClient(URI.create(cluster.gatewayUrl()))) {
      new SuitePublisher(gateway)
          .publish(new Announcement(tasks(), checkpoints(), List.of(), List.of()));
      Spells shared = new Spells();
      try (SyntheticScorers scorers =
          SyntheticScorers.working(
              cluster,
              SCORERS,
              MadeUp.ACC.metric(),
              request -> {
                requests.add(
                    Map.entry(Keys.of(request.getCheckpoint()), request.getEstimatedSeconds()));
                shared.work(request.getEstimatedSeconds());
              })) {
        gateway.createSweep(
            new SweepOrder("all", "test", List.of("*"), "all", List.of("*"), null, null, false, 0));
        new SweepWatch(gateway, "all").each(progress -> {});
      }
      shared.report("share group");
      Spells keyed = keyedGroup(cluster, requests);
      keyed.report("consumer group by key, %d times as fast".formatted(HASTE));

      assertThat(shared.busyWhileWorkWaits()).isGreaterThanOrEqualTo(0.95);
    }
  }

  /** The same requests, as many partitions as consumers, a partition by the checkpoint's hash. */
  private static Spells keyedGroup(LocalCluster cluster, List<Map.Entry<String, Double>> requests)
      throws Exception {
    String topic = "load.keyed";
    cluster.admin().createTopics(List.of(new NewTopic(topic, SCORERS, (short) 1))).all().get();
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", cluster.bootstrapServers()),
            new StringSerializer(),
            new DoubleSerializer())) {
      requests.forEach(
          it -> producer.send(new ProducerRecord<>(topic, it.getKey(), it.getValue())));
    }
    Spells spells = new Spells();
    AtomicInteger left = new AtomicInteger(requests.size());
    List<CompletableFuture<Void>> consumers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(SCORERS)) {
      for (int i = 0; i < SCORERS; i++) {
        consumers.add(
            CompletableFuture.runAsync(() -> consume(cluster, topic, spells, left), threads));
      }
    }
    consumers.forEach(CompletableFuture::join);
    return spells;
  }

  private static void consume(
      LocalCluster cluster, String topic, Spells spells, AtomicInteger left) {
    try (var consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                cluster.bootstrapServers(),
                "group.id",
                "load-keyed",
                "group.protocol",
                "consumer",
                "auto.offset.reset",
                "earliest",
                "max.poll.records",
                1),
            new StringDeserializer(),
            new DoubleDeserializer())) {
      consumer.subscribe(List.of(topic));
      while (left.get() > 0) {
        for (ConsumerRecord<String, Double> record : consumer.poll(Duration.ofMillis(500))) {
          spells.work(record.value() / HASTE);
          left.decrementAndGet();
        }
      }
    }
  }

  /** The spells of all scorers. */
  private static final class Spells {

    private final List<Spell> spells = Collections.synchronizedList(new ArrayList<>());
    private final long begun = System.nanoTime();

    void work(double seconds) {
      double start = now();
      try {
        Thread.sleep(Duration.ofNanos((long) (seconds * 1e9)));
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      spells.add(new Spell(start, now() - start));
    }

    private double now() {
      return (System.nanoTime() - begun) / 1e9;
    }

    private double first() {
      return spells.stream().mapToDouble(Spell::start).min().orElseThrow();
    }

    /** Until the last piece of work was taken: as long as there is some for whoever is free. */
    double busyWhileWorkWaits() {
      return busyUntil(spells.stream().mapToDouble(Spell::start).max().orElseThrow());
    }

    private double end() {
      return spells.stream().mapToDouble(it -> it.start() + it.seconds()).max().orElseThrow();
    }

    private double busyUntil(double end) {
      double busy =
          spells.stream()
              .mapToDouble(it -> Math.min(end, it.start() + it.seconds()) - it.start())
              .sum();
      return busy / (SCORERS * (end - first()));
    }

    void report(String how) {
      System.out.printf(
          "figure: %s: %d scorers, %d requests in %.1f s; busy %.1f %% of the time until the last"
              + " request was taken, %.1f %% of all of it%n",
          how,
          SCORERS,
          spells.size(),
          end() - first(),
          100 * busyWhileWorkWaits(),
          100 * busyUntil(end()));
    }
  }

  private static List<TaskEntry> tasks() {
    return IntStream.range(0, TASKS)
        .mapToObj(it -> MadeUp.task("task-" + it, SLICES, SLICE_DOCUMENTS, TOKENS))
        .toList();
  }

  private static List<CheckpointEntry> checkpoints() {
    return SIZES.stream()
        .flatMap(
            size ->
                IntStream.range(0, STEPS)
                    .mapToObj(step -> MadeUp.checkpoint("pythia-" + size, step, size)))
        .toList();
  }
}
