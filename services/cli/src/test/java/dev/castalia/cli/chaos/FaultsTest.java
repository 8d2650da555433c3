package dev.castalia.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.castalia.cli.cluster.ClusterOptions;
import dev.castalia.cli.cluster.Installation;
import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.cluster.Part;
import dev.castalia.cli.cluster.TopicRecords;
import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.SweepOrder;
import dev.castalia.cli.progress.SweepWatch;
import dev.castalia.cli.suite.Announcement;
import dev.castalia.cli.suite.Suite;
import dev.castalia.cli.suite.SuitePublisher;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.SliceScored;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Topic;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A part of a real mesh dies, or halts, in the middle of a sweep. What came of the sweep is read
 * from the topics, and compared with the same weights scored in peace. Takes two minutes.
 */
@Tag("manual")
@Tag("chaos")
class FaultsTest {

  private static final Duration LOCK = Duration.ofSeconds(3);

  /**
   * From the lock's end to the next issue: the group's session, until whose end nobody else reads
   * the partitions of who is gone, the ledger's pause and a busy machine. The deadline by which the
   * ledger itself asks again comes much later.
   */
  private static final Duration LONGEST_REST = Duration.ofSeconds(30);

  private static final String PEACE = "peace";

  private static LocalCluster cluster;
  private static GatewayClient gateway;
  private static List<CheckpointEntry> checkpoints;

  @BeforeAll
  static void start() throws Exception {
    cluster =
        LocalCluster.start(
            Installation.find(), ClusterOptions.withScorers(2).withLock(LOCK), System.out::println);
    gateway = new GatewayClient(URI.create(cluster.gatewayUrl()));
    Announcement suite =
        Suite.read(Installation.find().suite("nano")).announcement(Suite.Steps.DEMO);
    checkpoints = suite.checkpoints().stream().filter(it -> it.model().equals("nano-74k")).toList();
    new SuitePublisher(gateway)
        .publish(new Announcement(suite.tasks(), List.of(), List.of(), List.of()));
    order(PEACE);
    new SweepWatch(gateway, PEACE).each(progress -> {});
  }

  @AfterAll
  static void stop() {
    gateway.close();
    cluster.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        LocalCluster.AGGREGATOR,
        LocalCluster.GATEWAY,
        LocalCluster.REGISTRY,
        LocalCluster.BROKER
      })
  void aPartThatIsKilledInMidSweepChangesNothing(String part) throws Exception {
    order(part);
    awaitScore(part);
    cluster.part(part).kill();

    requireAsInPeace(part);
  }

  @Test
  void aScorerThatIsKilledInMidBundleChangesNothing() throws Exception {
    order("killed");
    cluster.part(awaitScore("killed").getScorer()).kill();

    requireAsInPeace("killed");
  }

  @Test
  void aScorerThatIsToldToEndInMidBundleFinishesWhatItHasInHandAndHandsTheRestOn()
      throws Exception {
    List<String> models = List.of("ended", "ended-2", "ended-3");
    order("ended", models);
    for (String model : models) {
      Part scorer = cluster.part(awaitScore(model).getScorer());
      scorer.stop();
      assertThat(scorer.logTail(Integer.MAX_VALUE)).noneMatch(it -> it.contains("SIGSEGV"));
      scorer.start();
    }
    cluster.awaitAllReady();
    new SweepWatch(gateway, "ended").each(progress -> {});

    assertThat(Invariants.violations(cluster, "ended", models, PEACE)).isEmpty();
    // None again but what the client had taken, unasked, when it closed: a bundle or two.
    List<EvaluationRequested> again =
        requests("ended").stream().filter(it -> it.getAttempt() > 1).toList();
    assertThat(again).allSatisfy(it -> assertThat(it.getAttempt()).isEqualTo(2));
    assertThat(again.stream().map(it -> Keys.of(it.getCheckpoint())).distinct())
        .hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void aScorerThatHaltsForLongerThanItsLockChangesNothingWithItsLateAnswer() throws Exception {
    order("halted");
    Part halted = cluster.part(awaitScore("halted").getScorer());
    FaultInjector.pause(halted, LOCK.multipliedBy(2));

    requireAsInPeace("halted");
    cluster.awaitReady(halted.name());
    assertThat(Invariants.violations(cluster, "halted", List.of("halted"), PEACE)).isEmpty();
  }

  @Test
  void aScorerThatNeverComesBackCostsOneLockTimeAndWhatItHeld() throws Exception {
    List<String> models = List.of("gone", "gone-2", "gone-3", "gone-4");
    order("gone", models);
    Part gone = cluster.part(awaitScore("gone").getScorer());
    Instant killed = Instant.now();
    gone.killForGood();
    try {
      new SweepWatch(gateway, "gone").each(progress -> {});
    } finally {
      gone.start();
      cluster.awaitReady(gone.name());
    }

    assertThat(Invariants.violations(cluster, "gone", models, PEACE)).isEmpty();
    List<EvaluationRequested> again =
        requests("gone").stream().filter(it -> it.getAttempt() > 1).toList();
    assertThat(again)
        .isNotEmpty()
        .allSatisfy(
            it -> {
              assertThat(it.getAttempt()).isEqualTo(2);
              assertThat(it.getIssuedAt()).isBefore(killed.plus(LOCK).plus(LONGEST_REST));
            });
    // A bundle is all of a checkpoint here: the one in hand, and the one opened ahead.
    long bundles = again.stream().map(it -> Keys.of(it.getCheckpoint())).distinct().count();
    assertThat(bundles).isLessThanOrEqualTo(2);
    System.out.printf(
        "figure: %d bundles issued again, the last %d ms after the kill; the lock is %d ms%n",
        bundles,
        again.stream()
            .mapToLong(it -> Duration.between(killed, it.getIssuedAt()).toMillis())
            .max()
            .getAsLong(),
        LOCK.toMillis());
  }

  private static void order(String name) {
    order(name, List.of(name));
  }

  private static void order(String name, List<String> models) {
    for (String model : models) {
      gateway.publishCheckpoints(checkpoints.stream().map(it -> it.ofModel(model)).toList());
    }
    gateway.createSweep(
        new SweepOrder(name, "test", models, "all", List.of("*"), null, null, false, 0));
  }

  private static List<EvaluationRequested> requests(String sweep) {
    return TopicRecords.events(cluster, Topic.REQUESTS).stream()
        .map(ConsumerRecord::value)
        .map(EvaluationRequested.class::cast)
        .filter(it -> it.getSweep().equals(sweep))
        .toList();
  }

  /** The first score of the model, while more are to come. */
  private static SliceScored awaitScore(String model) {
    return await()
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                TopicRecords.events(cluster, Topic.SCORES).stream()
                    .map(ConsumerRecord::value)
                    .map(SliceScored.class::cast)
                    .filter(it -> it.getUnit().getCheckpoint().startsWith(model + "@"))
                    .findFirst(),
            java.util.Optional::isPresent)
        .get();
  }

  private static void requireAsInPeace(String sweep) throws Exception {
    cluster.awaitAllReady();
    new SweepWatch(gateway, sweep).each(progress -> {});
    assertThat(Invariants.violations(cluster, sweep, List.of(sweep), PEACE)).isEmpty();
  }
}
