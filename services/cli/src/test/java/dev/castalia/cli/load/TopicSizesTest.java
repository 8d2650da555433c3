package dev.castalia.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.cli.cluster.ClusterOptions;
import dev.castalia.cli.cluster.Installation;
import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.cluster.TopicRecords;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.SweepOrder;
import dev.castalia.cli.gateway.SweepProgress;
import dev.castalia.cli.progress.SweepWatch;
import dev.castalia.cli.suite.Suite;
import dev.castalia.cli.suite.SuitePublisher;
import dev.castalia.events.SliceScored;
import dev.castalia.schemas.Topic;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a really scored suite takes on disk, topic by topic: the figures that the capacity of larger
 * ones is reckoned from.
 */
@Tag("manual")
@Tag("load")
class TopicSizesTest {

  private static final List<String> BY_DOCUMENT = List.of(Topic.SCORES.topicName());

  @Test
  void theBundledSuiteOnDisk() throws Exception {
    try (LocalCluster cluster =
            LocalCluster.start(
                Installation.find(), ClusterOptions.withScorers(2), System.out::println);
        GatewayClient gateway = new GatewayClient(URI.create(cluster.gatewayUrl()))) {
      new SuitePublisher(gateway)
          .publish(Suite.read(Installation.find().suite("nano")).announcement(Suite.Steps.DEMO));
      gateway.createSweep(
          new SweepOrder("all", "test", List.of("*"), "all", List.of("*"), null, null, false, 0));
      SweepProgress end = new SweepWatch(gateway, "all").each(progress -> {});
      long documents =
          TopicRecords.events(cluster, Topic.SCORES).stream()
              .map(it -> ((SliceScored) it.value()).getUnit())
              .mapToLong(it -> it.getEnd() - it.getStart())
              .sum();
      System.out.printf("figure: %,d units of %,d documents%n", end.done(), documents);
      long units = end.done();
      Map<String, Long> bytes = bytes(cluster);
      bytes.forEach(
          (topic, size) ->
              System.out.printf(
                  "figure: %s: %,d bytes, %.1f for each unit%s%n",
                  topic,
                  size,
                  size / (double) units,
                  BY_DOCUMENT.contains(topic)
                      ? ", %.2f for each document".formatted(size / (double) documents)
                      : ""));

      assertThat(bytes.get(Topic.SCORES.topicName())).isPositive();
    }
  }

  /** Bytes on the broker's disk by topic, the topology's own topics as one. */
  private static Map<String, Long> bytes(LocalCluster cluster) throws Exception {
    Map<String, Long> bytes = new TreeMap<>();
    for (LogDirDescription folder :
        cluster.admin().describeLogDirs(List.of(1)).allDescriptions().get().values().stream()
            .flatMap(it -> it.values().stream())
            .toList()) {
      folder
          .replicaInfos()
          .forEach(
              (partition, replica) -> {
                String topic = partition.topic();
                String kind =
                    topic.startsWith("castalia.")
                        ? topic
                        : topic.endsWith("-changelog")
                            ? "state of the topology"
                            : topic.endsWith("-repartition")
                                ? "topology, on the way"
                                : "Kafka's own";
                bytes.merge(kind, replica.size(), Long::sum);
              });
    }
    return bytes;
  }
}
