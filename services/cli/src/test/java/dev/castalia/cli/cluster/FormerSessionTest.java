package dev.castalia.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class FormerSessionTest {

  private static final Pattern LOADING =
      Pattern.compile("Scheduling loading of metadata from (__consumer_offsets-\\d+)");
  private static final TopicPartition PARTITION = new TopicPartition("topic", 0);

  @TempDir private Path folder;

  private final Ports ports = new Ports();
  private Path log;
  private Part broker;
  private Admin admin;

  @BeforeEach
  void startBroker() {
    int port = ports.free();
    log = folder.resolve("broker.log");
    List<String> options =
        Stream.of(
                List.of("-Dorg.slf4j.simpleLogger.log.org.apache.kafka.coordinator.common=info"),
                Installation.find().module(Broker.class),
                List.of(folder.toString(), "" + port, "" + ports.free()))
            .flatMap(List::stream)
            .toList();
    admin = Admin.create(Map.of("bootstrap.servers", "localhost:" + port));
    broker = new Part("broker", options, log, folder.resolve("tmp"), () -> true);
    broker.start();
  }

  @AfterEach
  void stopBroker() {
    admin.close();
    broker.stop();
    ports.close();
  }

  @Test
  void theGroupsOfABrokerThatCrashedAreLoadedOnce() throws Exception {
    admin.createTopics(List.of(new NewTopic(PARTITION.topic(), 1, (short) 1))).all().get();
    admin
        .alterConsumerGroupOffsets("group", Map.of(PARTITION, new OffsetAndMetadata(17)))
        .all()
        .get();
    int before = loadings().size();

    broker.kill();
    await().until(() -> !broker.isAlive());
    broker.start();

    assertThat(committed()).isEqualTo(17);
    await().atMost(Duration.ofSeconds(10)).until(() -> loadings().size() > before);
    assertThat(loadings().subList(before, loadings().size())).isNotEmpty().doesNotHaveDuplicates();
  }

  private long committed() throws Exception {
    return admin
        .listConsumerGroupOffsets("group")
        .partitionsToOffsetAndMetadata()
        .get()
        .get(PARTITION)
        .offset();
  }

  /** The partitions of groups that were loaded, one after the other. */
  private List<String> loadings() throws IOException {
    return LOADING.matcher(Files.readString(log)).results().map(found -> found.group(1)).toList();
  }
}
