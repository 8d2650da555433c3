package dev.castalia.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.cli.MadeUp;
import dev.castalia.cli.cluster.ClusterOptions;
import dev.castalia.cli.cluster.Installation;
import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.Scorecard;
import dev.castalia.cli.gateway.SweepOrder;
import dev.castalia.cli.gateway.SweepProgress;
import dev.castalia.cli.gateway.TaskEntry;
import dev.castalia.cli.suite.Announcement;
import dev.castalia.cli.suite.SuitePublisher;
import dev.castalia.schemas.Topic;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A sweep of a million units, and small ones that are ordered while it runs. What is measured is
 * the ledger and all behind it: the scorers answer at once, checkpoints and tasks are made up.
 *
 * <p>The whole takes more than ten minutes on two cores; {@code -Dcastalia.load.units=N} makes it a
 * sweep of another size, a multiple of 500.
 */
@Tag("manual")
@Tag("load")
@Timeout(value = 1, unit = TimeUnit.HOURS)
class MillionUnitsTest {

  private static final int UNITS = Integer.getInteger("castalia.load.units", 1_000_000);
  private static final int TASKS = 20;
  private static final int SLICES = 25;
  private static final int SLICE_DOCUMENTS = 10;
  private static final int CHECKPOINTS = UNITS / (TASKS * SLICES);
  private static final int STEPS = 154;
  private static final int SMALL = 10;
  private static final int SMALL_SWEEPS = 5;
  private static final int SCORERS = 2;
  private static final Duration POLL = Duration.ofMillis(200);

  private static LocalCluster cluster;
  private static GatewayClient gateway;

  @BeforeAll
  static void start() {
    cluster =
        LocalCluster.start(Installation.find(), ClusterOptions.withScorers(0), System.out::println);
    gateway = new GatewayClient(URI.create(cluster.gatewayUrl()));
    new SuitePublisher(gateway)
        .publish(new Announcement(tasks(), checkpoints(), List.of(), List.of()));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    cluster.close();
  }

  @Test
  void aMillionUnitsArePlannedInBoundedMemoryAndHoldUpNoSmallSweep() throws Exception {
    long idle = mostResident();
    List<Double> small = new ArrayList<>();
    boolean planned = false;
    double seconds;
    try (SyntheticScorers scorers = new SyntheticScorers(cluster, SCORERS, MadeUp.ACC.metric())) {
      order("large", "large-*", "large-*");
      long ordered = System.nanoTime();
      SweepProgress large;
      do {
        Thread.sleep(POLL);
        scorers.requireAllWell();
        large = gateway.progress("large");
        if (!planned && !large.state().equals("planning")) {
          planned = true;
          System.out.printf(
              "figure: %,d units planned in %.1f s, %,d of them scored by then; the aggregator had"
                  + " %d MiB resident before, and at most %d MiB%n",
              large.planned(), secondsSince(ordered), large.done(), idle, mostResident());
        }
        if (small.size() < SMALL_SWEEPS && large.done() * 10L > UNITS * (long) small.size()) {
          small.add(smallSweep(scorers, small.size()));
          System.out.printf(
              "figure: a sweep of %d units ordered when %,d of the large one were scored, %.1f s after"
                  + " that was ordered, done in %.1f s%n",
              SMALL, large.done(), secondsSince(ordered) - small.getLast(), small.getLast());
        }
      } while (!large.over());
      seconds = secondsSince(ordered);
      assertThat(List.of(large.planned(), large.done(), large.failed()))
          .containsExactly(UNITS, UNITS, 0);
    }
    System.out.printf(
        "figure: %,d units scored in %.1f s, %,.0f a second; the aggregator had at most %d MiB"
            + " resident%n",
        UNITS, seconds, UNITS / seconds, mostResident());

    assertThat(small).isNotEmpty().allSatisfy(it -> assertThat(it).isLessThan(5));
    assertThat(scores()).isEqualTo(UNITS + SMALL * small.size());
    assertThat(gateway.scorecard("large-0@step0").tasks().values())
        .hasSize(TASKS)
        .extracting(Scorecard.TaskScore::documents)
        .containsOnly(SLICES * SLICE_DOCUMENTS);
  }

  /** Seconds from its order until all of it is scored. */
  private static double smallSweep(SyntheticScorers scorers, int number) {
    long ordered = System.nanoTime();
    String sweep = "small-" + number;
    order(sweep, "small@step" + number, "small");
    scorers.awaitEnd(gateway, sweep, Duration.ofMinutes(2));
    return secondsSince(ordered);
  }

  private static void order(String id, String models, String tasks) {
    gateway.createSweep(
        new SweepOrder(id, "test", List.of(models), "all", List.of(tasks), null, null, false, 0));
  }

  private static List<TaskEntry> tasks() {
    return Stream.concat(
            IntStream.range(0, TASKS).mapToObj(it -> task("large-" + it, SLICES)),
            Stream.of(task("small", SMALL)))
        .toList();
  }

  private static TaskEntry task(String name, int slices) {
    return MadeUp.task(name, slices, SLICE_DOCUMENTS, 10);
  }

  private static List<CheckpointEntry> checkpoints() {
    return Stream.concat(
            IntStream.range(0, CHECKPOINTS)
                .mapToObj(it -> checkpoint("large-" + it / STEPS, it % STEPS)),
            IntStream.range(0, SMALL_SWEEPS).mapToObj(it -> checkpoint("small", it)))
        .toList();
  }

  private static CheckpointEntry checkpoint(String model, int step) {
    return MadeUp.checkpoint(model, step, 1000);
  }

  /** Records on the topic of scores. */
  private static long scores() throws Exception {
    String topic = Topic.SCORES.topicName();
    var partitions =
        cluster
            .admin()
            .describeTopics(List.of(topic))
            .allTopicNames()
            .get()
            .get(topic)
            .partitions();
    return cluster
        .admin()
        .listOffsets(
            partitions.stream()
                .collect(
                    Collectors.toMap(
                        it -> new TopicPartition(topic, it.partition()),
                        it -> OffsetSpec.latest())))
        .all()
        .get()
        .values()
        .stream()
        .mapToLong(it -> it.offset())
        .sum();
  }

  /** The most memory that the aggregator had so far, off its heap included, in MiB. */
  private static long mostResident() throws IOException {
    Path status =
        Path.of("/proc", Long.toString(cluster.part(LocalCluster.AGGREGATOR).pid()), "status");
    return Files.readAllLines(status).stream()
        .filter(it -> it.startsWith("VmHWM:"))
        .mapToLong(it -> Long.parseLong(it.replaceAll("\\D", "")) >> 10)
        .findFirst()
        .orElseThrow();
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
