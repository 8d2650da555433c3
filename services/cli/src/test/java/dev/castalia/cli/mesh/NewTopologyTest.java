package dev.castalia.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.castalia.cli.cluster.ClusterOptions;
import dev.castalia.cli.cluster.Installation;
import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.cluster.Part;
import dev.castalia.cli.cluster.TopicRecords;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.SweepOrder;
import dev.castalia.cli.suite.Announcement;
import dev.castalia.cli.suite.Suite;
import dev.castalia.cli.suite.SuitePublisher;
import dev.castalia.events.Scorecard;
import dev.castalia.schemas.Groups;
import dev.castalia.schemas.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What an operator does for a topology of another shape: its group has another name, and so neither
 * offsets nor state. The same is tried here by taking both away from the group that there is.
 */
@Tag("manual")
@Tag("chaos")
class NewTopologyTest {

  private static final Duration LONG = Duration.ofMinutes(2);

  @Test
  void aGroupWithoutAPastPublishesTheSameScorecards() throws Exception {
    try (LocalCluster cluster =
            LocalCluster.start(
                Installation.find(), ClusterOptions.withScorers(1), System.out::println);
        GatewayClient gateway = new GatewayClient(URI.create(cluster.gatewayUrl()))) {
      Announcement suite =
          Suite.read(Installation.find().suite("nano")).announcement(Suite.Steps.DEMO);
      new SuitePublisher(gateway).publish(suite);
      gateway.createSweep(
          new SweepOrder(
              "s", "test", List.of("nano-74k"), "all", List.of("*"), null, null, false, 0));
      await().atMost(LONG).until(() -> gateway.progress("s").over());
      Map<String, Object> before = scores(cluster);
      int requests = TopicRecords.bytes(cluster, Topic.REQUESTS).size();
      int cards = TopicRecords.bytes(cluster, Topic.SCORECARDS).size();

      Part aggregator = cluster.part(LocalCluster.AGGREGATOR);
      aggregator.stop();
      forget(cluster.admin());
      delete(cluster.logs().resolveSibling("state"));
      long begun = System.nanoTime();
      aggregator.start();
      cluster.awaitReady(LocalCluster.AGGREGATOR);
      await()
          .atMost(LONG)
          .until(
              () -> TopicRecords.bytes(cluster, Topic.SCORECARDS).size() >= cards + before.size());
      System.out.printf(
          "figure: %d scorecards published anew %.1f s after the start%n",
          before.size(), (System.nanoTime() - begun) / 1e9);

      await().atMost(LONG).untilAsserted(() -> assertThat(scores(cluster)).isEqualTo(before));
      await().atMost(LONG).until(() -> gateway.progress("s").over());
      System.out.printf(
          "figure: %d requests before, %d made anew for what was planned before its score was read%n",
          requests, TopicRecords.bytes(cluster, Topic.REQUESTS).size() - requests);
      assertThat(scores(cluster)).isEqualTo(before);
    }
  }

  /** What every scorecard says, the time of its making apart. */
  private static Map<String, Object> scores(LocalCluster cluster) {
    Map<String, Object> scores = new TreeMap<>();
    for (Map.Entry<String, SpecificRecord> card :
        TopicRecords.latest(cluster, Topic.SCORECARDS).entrySet()) {
      scores.put(card.getKey(), ((Scorecard) card.getValue()).getMetrics());
    }
    return scores;
  }

  private static void forget(Admin admin) throws Exception {
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .untilAsserted(() -> admin.deleteStreamsGroups(List.of(Groups.AGGREGATOR)).all().get());
    List<String> own =
        admin.listTopics().names().get().stream()
            .filter(it -> it.startsWith(Groups.AGGREGATOR + "-"))
            .toList();
    assertThat(own).isNotEmpty();
    admin.deleteTopics(own).all().get();
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              it -> {
                try {
                  Files.delete(it);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
