package dev.castalia.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.castalia.cli.MadeUp;
import dev.castalia.cli.cluster.ClusterOptions;
import dev.castalia.cli.cluster.Installation;
import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.SweepOrder;
import dev.castalia.cli.gateway.TaskEntry;
import dev.castalia.cli.suite.Announcement;
import dev.castalia.cli.suite.SuitePublisher;
import dev.castalia.schemas.Groups;
import dev.castalia.schemas.Keys;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.DoubleDeserializer;
import org.apache.kafka.common.serialization.DoubleSerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * How busy 64 scorers are on Pythia's sizes, by the mesh's share group, and by a consumer group
 * that reads the same work by its key. Scorers only take the time that is proportional to
 * parameters and tokens, and take the next request ahead; what is measured is how they come by
 * their work.
 */
@Tag("manual")
@Tag("load")
@Timeout(value = 1, unit = TimeUnit.HOURS)
class BusyScorersTest {

  private static final int SCORERS = 64;
  private static final int SECONDS = Integer.getInteger("castalia.load.seconds", 120);
  private static final Duration LONGEST = Duration.ofMinutes(2).plusSeconds(5L * SECONDS);
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
  private static final int HASTE = 16;

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

  /** When a scorer took a piece of work, began it, and how long it took, in seconds. */
  private record Spell(String scorer, double taken, double start, double seconds) {

    double end() {
      return start + seconds;
    }
  }

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
              (scorer, request) -> {
                requests.add(
                    Map.entry(Keys.of(request.getCheckpoint()), request.getEstimatedSeconds()));
                shared.work(scorer, request.getEstimatedSeconds());
              })) {
        awaitScorers(cluster);
        gateway.createSweep(
            new SweepOrder("all", "test", List.of("*"), "all", List.of("*"), null, null, false, 0));
        scorers.awaitEnd(gateway, "all", LONGEST);
      }
      shared.report("share group");
      Spells keyed = keyedGroup(cluster, requests);
      keyed.report("consumer group by key, %d times as fast".formatted(HASTE));

      assertThat(shared.busyWhileWorkWaits()).isGreaterThanOrEqualTo(0.95);
    }
  }

  /**
   * Both lanes of all of them are members that have a partition; joining is not what is measured.
   */
  private static void awaitScorers(LocalCluster cluster) {
    await()
        .ignoreExceptionsMatching(e -> e.getCause() instanceof GroupIdNotFoundException)
        .until(
            () ->
                cluster
                    .admin()
                    .describeShareGroups(List.of(Groups.SCORERS))
                    .describedGroups()
                    .get(Groups.SCORERS)
                    .get()
                    .members()
                    .stream()
                    .filter(it -> !it.assignment().topicPartitions().isEmpty())
                    .count(),
            equalTo(2L * SCORERS));
  }

  /** The same requests, as many partitions as consumers, a partition by the checkpoint's hash. */
  private static Spells keyedGroup(LocalCluster cluster, List<Map.Entry<String, Double>> requests)
      throws Exception {
    String topic = "load.keyed";
    cluster.admin().createTopics(List.of(new NewTopic(topic, SCORERS, (short) 1))).all().get();
    Spells spells = new Spells();
    Set<String> members = ConcurrentHashMap.newKeySet();
    try (Workers consumers = new Workers(SCORERS);
        var producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers()),
                new StringSerializer(),
                new DoubleSerializer())) {
      for (int i = 0; i < SCORERS; i++) {
        String member = "member-" + i;
        consumers.start(() -> consume(cluster, topic, member, spells, members, consumers));
      }
      consumers.await().until(() -> members.size() == SCORERS);
      requests.forEach(
          it -> producer.send(new ProducerRecord<>(topic, it.getKey(), it.getValue())));
      consumers.await().atMost(LONGEST).until(() -> spells.number() == requests.size());
    }
    return spells;
  }

  private static void consume(
      LocalCluster cluster,
      String topic,
      String member,
      Spells spells,
      Set<String> members,
      Workers consumers) {
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
      while (!consumers.stopping()) {
        ConsumerRecords<String, Double> records = consumer.poll(Duration.ofMillis(500));
        if (consumer.assignment().size() == 1) {
          members.add(member);
        }
        for (ConsumerRecord<String, Double> record : records) {
          spells.work(member, record.value() / HASTE);
        }
      }
    }
  }

  /** The spells of all scorers. */
  private static final class Spells {

    private final List<Spell> spells = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Object> scorers = new ConcurrentHashMap<>();
    private final long begun = System.nanoTime();

    /** Takes that long, and waits first if the scorer is at another piece of work. */
    void work(String scorer, double seconds) {
      double taken = now();
      synchronized (scorers.computeIfAbsent(scorer, it -> new Object())) {
        double start = now();
        try {
          Thread.sleep(Duration.ofNanos((long) (seconds * 1e9)));
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        spells.add(new Spell(scorer, taken, start, now() - start));
      }
    }

    int number() {
      return spells.size();
    }

    private double now() {
      return (System.nanoTime() - begun) / 1e9;
    }

    private double first() {
      return spells.stream().mapToDouble(Spell::start).min().orElseThrow();
    }

    /** Until the last piece of work was taken: as long as there is some for whoever is free. */
    double busyWhileWorkWaits() {
      return busyUntil(lastTaken());
    }

    private double lastTaken() {
      return spells.stream().mapToDouble(Spell::taken).max().orElseThrow();
    }

    private double end() {
      return spells.stream().mapToDouble(Spell::end).max().orElseThrow();
    }

    private double busyUntil(double end) {
      double busy =
          spells.stream()
              .mapToDouble(it -> Math.max(0, Math.min(end, it.end()) - it.start()))
              .sum();
      return busy / (SCORERS * (end - first()));
    }

    /** From the end of one piece of work to the start of the same scorer's next, in order. */
    private double[] gaps() {
      return spells.stream().collect(Collectors.groupingBy(Spell::scorer)).values().stream()
          .map(own -> own.stream().sorted(Comparator.comparing(Spell::start)).toList())
          .flatMapToDouble(
              own ->
                  IntStream.range(1, own.size())
                      .mapToDouble(i -> own.get(i).start() - own.get(i - 1).end()))
          .sorted()
          .toArray();
    }

    /** The busy share, in percent, of each tenth of the time until the last request was taken. */
    private String byTenths() {
      double tenth = (lastTaken() - first()) / 10;
      return IntStream.range(0, 10)
          .mapToDouble(i -> first() + i * tenth)
          .map(
              from ->
                  spells.stream()
                          .mapToDouble(
                              it ->
                                  Math.max(
                                      0,
                                      Math.min(from + tenth, it.end())
                                          - Math.max(from, it.start())))
                          .sum()
                      / (SCORERS * tenth))
          .mapToObj(share -> "%.0f".formatted(100 * share))
          .collect(Collectors.joining(" "));
    }

    /** When the last scorer had its first piece of work, since the first one's. */
    private double rampUp() {
      return spells.stream()
              .collect(
                  Collectors.groupingBy(
                      Spell::scorer, Collectors.minBy(Comparator.comparing(Spell::start))))
              .values()
              .stream()
              .mapToDouble(it -> it.orElseThrow().start())
              .max()
              .orElseThrow()
          - first();
    }

    void report(String how) {
      double[] gaps = gaps();
      System.out.printf(
          "figure: %s: %d scorers, %d requests in %.1f s; busy %.1f %% of the time until the last"
              + " request was taken, %.1f %% of all of it; all had work after %.1f s, and the next"
              + " after %.3f s (median), %.3f s (p99); busy by tenths of the time: %s %%%n",
          how,
          SCORERS,
          number(),
          end() - first(),
          100 * busyWhileWorkWaits(),
          100 * busyUntil(end()),
          rampUp(),
          gaps[gaps.length / 2],
          gaps[(int) (gaps.length * 0.99)],
          byTenths());
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
