package dev.castalia.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.castalia.cli.MadeUp;
import dev.castalia.cli.cluster.Installation;
import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.cluster.Part;
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
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.Scorecard;
import dev.castalia.schemas.CheckpointPartitioner;
import dev.castalia.schemas.ClusterSetup;
import dev.castalia.schemas.Groups;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Topic;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.StreamsGroupMemberDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps that live while checkpoints and tasks come, on four partitions and two aggregators. */
@OnSharedMesh
class SweepsForLifeTest {

  private static final Path SUITE = Installation.find().suite("nano");
  private static final int STEPS = 9;

  /** More units of a task than the windows of all partitions hold. */
  private static final int MADE_UP_STEPS = 40;

  private static final int MADE_UP_SLICES = 20;

  /** Bundles of a partition that are out at once, as castalia.ledger.window is by default. */
  private static final int WINDOW = 8;

  private static final int MADE_UP_UNITS = MADE_UP_STEPS * MADE_UP_SLICES;

  private static LocalCluster cluster;
  private static GatewayClient gateway;
  private static List<CheckpointEntry> checkpoints;

  @BeforeAll
  static void start(LocalCluster mesh) {
    cluster = mesh;
    gateway = new GatewayClient(URI.create(cluster.gatewayUrl()));
    Announcement suite = Suite.read(SUITE).announcement(Suite.Steps.DEMO);
    checkpoints = suite.checkpoints().stream().filter(it -> it.model().equals("nano-74k")).toList();
    new SuitePublisher(gateway)
        .publish(new Announcement(suite.tasks(), List.of(), List.of(), List.of()));
  }

  @AfterAll
  static void stop() throws InterruptedException {
    startScorer();
    cluster.awaitReady("scorer-1");
    gateway.close();
  }

  @Test
  void bothAggregatorsTakePart() {
    // Each of an aggregator's threads is a member of the group.
    await()
        .untilAsserted(
            () -> {
              var group =
                  cluster.admin().describeStreamsGroups(List.of(Groups.AGGREGATOR)).all().get();
              assertThat(group.get(Groups.AGGREGATOR).members())
                  .filteredOn(it -> !it.assignment().activeTasks().isEmpty())
                  .extracting(StreamsGroupMemberDescription::processId)
                  .satisfies(processes -> assertThat(Set.copyOf(processes)).hasSize(2));
            });
  }

  @Test
  void aStandingSweepPutsEachCheckpointOnTheBoardWithinFiveSeconds() {
    startScorer();
    order("life-training", "live", "nano_*", true);
    // The scorer reads the tasks with the first one.
    gateway.publishCheckpoints(List.of(checkpoints.getFirst().ofModel("live")));
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> isOnBoard("live", checkpoints.getFirst().revision()));
    for (CheckpointEntry checkpoint : checkpoints.subList(1, 5)) {
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
    startScorer();
    publish("early");
    order("life-left", "early", "nano_*", false);
    order("life-standing", "late", "nano_sum", true);
    await().until(() -> gateway.progress("life-left").done() > 0);
    order("life-right", "early", "nano_sum,nano_text", false);
    gateway.cancelSweep("life-left", "test");
    publish("late");
    publish("early");
    TaskEntry changed = changed(folder);
    gateway.publishTasks(List.of(changed));

    SweepProgress right = new SweepWatch(gateway, "life-right").each(progress -> {});
    assertThat(List.of(right.planned(), right.done(), right.failed()))
        .containsExactly(2 * STEPS, 2 * STEPS, 0);
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(cards("late", changed.version())).isEqualTo(STEPS));
    // Progress is told after the cards.
    await()
        .untilAsserted(
            () -> {
              SweepProgress standing = gateway.progress("life-standing");
              assertThat(standing.done()).isEqualTo(standing.planned()).isBetween(STEPS, 2 * STEPS);
            });
    assertThat(gateway.progress("life-left").cancelled()).isTrue();
    assertThat(timesScored("early", "late")).allSatisfy((unit, times) -> assertThat(times).isOne());
  }

  /** No scorer is there until the sweep is cancelled, so all that was issued is one window. */
  @Test
  void cancellingDropsWhatWasNotIssuedAndAnOverlappingSweepEndsComplete() throws Exception {
    stopScorer();
    publishMadeUp("made-up", MADE_UP_STEPS, "made-up-a", "made-up-b");
    order("life-whole", "made-up", "made-up-*", false);
    awaitPlanned("life-whole", 2 * MADE_UP_UNITS);
    order("life-half", "made-up", "made-up-a", false);
    awaitPlanned("life-half", MADE_UP_UNITS);
    gateway.cancelSweep("life-whole", "test");
    await().until(() -> gateway.progress("life-whole").cancelled());
    try (SyntheticScorers scorers = new SyntheticScorers(cluster, 1, MadeUp.ACC.metric())) {
      SweepProgress half = scorers.awaitEnd(gateway, "life-half", Duration.ofMinutes(2));
      assertThat(List.of(half.planned(), half.done(), half.failed()))
          .containsExactly(MADE_UP_UNITS, MADE_UP_UNITS, 0);
    }

    Map<String, Long> times = timesScored("made-up");
    assertThat(times).allSatisfy((unit, number) -> assertThat(number).as(unit).isOne());
    assertThat(times.keySet()).filteredOn(it -> it.contains("|made-up-a|")).hasSize(MADE_UP_UNITS);
    assertThat(Collections.frequency(askedFor("made-up"), "made-up-b"))
        .isPositive()
        .isLessThan(MADE_UP_UNITS);
  }

  /** What is out when the urgent one comes is a window; all else waits until that is out, too. */
  @Test
  void aSweepOfHigherPriorityIsIssuedBeforeWhatWaits() throws Exception {
    stopScorer();
    publishMadeUp("queued", 2 * MADE_UP_STEPS, "waiting", "urgent");
    order("life-patient", "queued", "waiting", false);
    awaitPlanned("life-patient", 2 * MADE_UP_UNITS);
    gateway.createSweep(
        new SweepOrder(
            "life-first",
            "test",
            List.of("queued"),
            "all",
            List.of("urgent"),
            null,
            null,
            false,
            5));
    awaitPlanned("life-first", 2 * MADE_UP_UNITS);
    try (SyntheticScorers scorers = new SyntheticScorers(cluster, 1, MadeUp.ACC.metric())) {
      scorers.awaitEnd(gateway, "life-first", Duration.ofMinutes(2));
      scorers.awaitEnd(gateway, "life-patient", Duration.ofMinutes(2));
    }

    assertThat(askedFor("queued")).hasSize(4 * MADE_UP_UNITS);
    int window = WINDOW * MADE_UP_SLICES;
    for (int i = 0; i < ClusterSetup.DEFAULT_PARTITIONS; i++) {
      int partition = i;
      List<EvaluationRequested> asked =
          requests("queued").stream()
              .filter(it -> ledgerPartition(Keys.of(it.getCheckpoint())) == partition)
              .toList();
      Instant last =
          asked.stream().filter(it -> isOf(it, "urgent")).toList().getLast().getIssuedAt();
      List<EvaluationRequested> waiting = asked.stream().filter(it -> isOf(it, "waiting")).toList();
      assertThat(units(waiting)).as("units that wait in partition %d", i).isGreaterThan(window);
      assertThat(units(waiting.stream().filter(it -> it.getIssuedAt().isBefore(last)).toList()))
          .as("of those, issued before the last urgent one")
          .isLessThanOrEqualTo(window);
    }
  }

  private static void publishMadeUp(String model, int steps, String... tasks) {
    new SuitePublisher(gateway)
        .publish(
            new Announcement(
                Stream.of(tasks).map(it -> MadeUp.task(it, MADE_UP_SLICES, 1, 10)).toList(),
                IntStream.range(0, steps)
                    .mapToObj(step -> MadeUp.checkpoint(model, step, 1000))
                    .toList(),
                List.of(),
                List.of()));
  }

  /** Has the real scorer work, as soon as it is up. */
  private static void startScorer() {
    Part scorer = cluster.part("scorer-1");
    if (!scorer.isAlive()) {
      scorer.start();
    }
  }

  private static void stopScorer() {
    cluster.part("scorer-1").stop();
  }

  private static void awaitPlanned(String sweep, int units) {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> gateway.progress(sweep),
            it -> it.planned() == units && it.state().equals("running"));
  }

  /** The task of each unit of the model that was asked for. */
  private static List<String> askedFor(String model) {
    return requests(model).stream()
        .flatMap(it -> it.getTasks().stream())
        .flatMap(it -> Collections.nCopies(it.getSlices().size(), it.getTask()).stream())
        .toList();
  }

  /** The requests for the model, in the order in which they were issued. */
  private static List<EvaluationRequested> requests(String model) {
    return TopicRecords.events(cluster, Topic.REQUESTS).stream()
        .map(it -> (EvaluationRequested) it.value())
        .filter(it -> it.getCheckpoint().getModel().equals(model))
        .sorted(Comparator.comparing(EvaluationRequested::getIssuedAt))
        .toList();
  }

  private static boolean isOf(EvaluationRequested request, String task) {
    return request.getTasks().getFirst().getTask().equals(task);
  }

  private static int units(List<EvaluationRequested> requests) {
    return requests.stream()
        .flatMap(it -> it.getTasks().stream())
        .mapToInt(it -> it.getSlices().size())
        .sum();
  }

  private static int ledgerPartition(String checkpoint) {
    return CheckpointPartitioner.partition(checkpoint, ClusterSetup.DEFAULT_PARTITIONS);
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
