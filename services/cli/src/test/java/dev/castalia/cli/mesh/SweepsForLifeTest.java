package dev.castalia.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.castalia.cli.cluster.ClusterOptions;
import dev.castalia.cli.cluster.Installation;
import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.cluster.TopicRecords;
import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.Leaderboard;
import dev.castalia.cli.gateway.SweepOrder;
import dev.castalia.cli.gateway.SweepProgress;
import dev.castalia.cli.gateway.TaskEntry;
import dev.castalia.cli.progress.SweepWatch;
import dev.castalia.cli.suite.Announcement;
import dev.castalia.cli.suite.Suite;
import dev.castalia.cli.suite.SuitePublisher;
import dev.castalia.events.Scorecard;
import dev.castalia.schemas.Groups;
import dev.castalia.schemas.Topic;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps that live while checkpoints and tasks come, on four partitions and two aggregators. */
@Tag("slow")
class SweepsForLifeTest {

  private static final Path SUITE = Installation.find().suite("nano");
  private static final int STEPS = 9;

  private static LocalCluster cluster;
  private static GatewayClient gateway;
  private static List<CheckpointEntry> checkpoints;

  @BeforeAll
  static void start() {
    cluster =
        LocalCluster.start(
            Installation.find(),
            ClusterOptions.withScorers(1).withAggregators(2),
            System.out::println);
    gateway = new GatewayClient(URI.create(cluster.gatewayUrl()));
    Announcement suite = Suite.read(SUITE).announcement(Suite.Steps.DEMO);
    checkpoints = suite.checkpoints().stream().filter(it -> it.model().equals("nano-74k")).toList();
    new SuitePublisher(gateway)
        .publish(new Announcement(suite.tasks(), List.of(), List.of(), List.of()));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    cluster.close();
  }

  @Test
  void bothAggregatorsTakePart() throws Exception {
    var group = cluster.admin().describeStreamsGroups(List.of(Groups.AGGREGATOR)).all().get();
    assertThat(group.get(Groups.AGGREGATOR).members())
        .hasSize(2)
        .allSatisfy(it -> assertThat(it.assignment().activeTasks()).isNotEmpty());
  }

  @Test
  void aStandingSweepPutsEachCheckpointOnTheBoardWithinFiveSeconds() {
    order("training", "live", "*", true);
    // The scorer reads the tasks with the first one.
    gateway.publishCheckpoints(List.of(checkpoints.getFirst().ofModel("live")));
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> isOnBoard("live", checkpoints.getFirst().revision()));
    for (CheckpointEntry checkpoint : checkpoints.subList(1, STEPS)) {
      long announced = System.nanoTime();
      gateway.publishCheckpoints(List.of(checkpoint.ofModel("live")));
      await()
          .pollInterval(Duration.ofMillis(50))
          .atMost(Duration.ofSeconds(5))
          .until(() -> isOnBoard("live", checkpoint.revision()));
      System.out.printf(
          "figure: %s on the board %.1f s after it was announced%n",
          checkpoint.revision(), (System.nanoTime() - announced) / 1e9);
    }
  }

  @Test
  void sweepsOverlapAndAreCancelledWhileCheckpointsAndTasksComeAgain(@TempDir Path folder)
      throws Exception {
    publish("early");
    order("left", "early", "*", false);
    order("standing", "late", "nano_sum", true);
    await().until(() -> gateway.progress("left").done() > 0);
    order("right", "early", "nano_sum,nano_text", false);
    gateway.cancelSweep("left", "test");
    publish("late");
    publish("early");
    TaskEntry changed = changed(folder);
    gateway.publishTasks(List.of(changed));

    SweepProgress right = new SweepWatch(gateway, "right").each(progress -> {});
    assertThat(List.of(right.planned(), right.done(), right.failed()))
        .containsExactly(2 * STEPS, 2 * STEPS, 0);
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(cards("late", changed.version())).isEqualTo(STEPS));
    SweepProgress standing = gateway.progress("standing");
    assertThat(standing.done()).isEqualTo(standing.planned()).isBetween(STEPS, 2 * STEPS);
    assertThat(gateway.progress("left").cancelled()).isTrue();
    assertThat(timesScored("early", "late")).allSatisfy((unit, times) -> assertThat(times).isOne());
  }

  private static void order(String id, String model, String tasks, boolean standing) {
    gateway.createSweep(
        new SweepOrder(
            id, "test", List.of(model), "all", List.of(tasks.split(",")), null, null, standing, 0));
  }

  private static void publish(String model) {
    gateway.publishCheckpoints(checkpoints.stream().map(it -> it.ofModel(model)).toList());
  }

  private static boolean isOnBoard(String model, String revision) {
    return gateway.leaderboards().stream().anyMatch(it -> it.task().equals("nano_agreement"))
        && gateway.leaderboard("nano_agreement", 100, Map.of("model", model)).entries().stream()
            .map(Leaderboard.Entry::revision)
            .anyMatch(revision::equals);
  }

  /** How many scorecards of that version of nano_sum the model has, all documents counted. */
  private static long cards(String model, String version) {
    return TopicRecords.latest(cluster, Topic.SCORECARDS).values().stream()
        .map(Scorecard.class::cast)
        .filter(it -> it.getCheckpoint().getModel().equals(model))
        .filter(it -> it.getTask().equals("nano_sum") && it.getVersion().equals(version))
        .filter(it -> it.getDocuments() == it.getOfDocuments())
        .count();
  }

  private static Map<String, Long> timesScored(String... models) {
    return TopicRecords.bytes(cluster, Topic.SCORES).stream()
        .map(ConsumerRecord::key)
        .filter(key -> Stream.of(models).anyMatch(it -> key.startsWith(it + "@")))
        .collect(Collectors.groupingBy(it -> it, Collectors.counting()));
  }

  /** The task nano_sum with one document fewer. */
  private static TaskEntry changed(Path folder) throws IOException {
    for (String file :
        List.of(
            "suite.json", "tokenizer.json", "tasks/nano_sum.yaml", "tasks/data/nano_sum.jsonl")) {
      Files.createDirectories(folder.resolve(file).getParent());
      Files.copy(SUITE.resolve(file), folder.resolve(file));
    }
    Files.createDirectories(folder.resolve("checkpoints/nano-74k"));
    Files.createSymbolicLink(
        folder.resolve("checkpoints/nano-74k/step512"),
        SUITE.resolve("checkpoints/nano-74k/step512"));
    Path data = folder.resolve("tasks/data/nano_sum.jsonl");
    List<String> documents = Files.readAllLines(data);
    Files.write(data, documents.subList(0, documents.size() - 1));
    return Suite.read(folder).announcement(Suite.Steps.DEMO).tasks().getFirst();
  }
}
