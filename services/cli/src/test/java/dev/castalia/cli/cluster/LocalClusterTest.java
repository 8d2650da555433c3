package dev.castalia.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.castalia.cli.Execution;
import dev.castalia.schemas.SchemaRegistration;
import dev.castalia.schemas.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Broker and registry, as processes of their own. */
@Tag("slow")
class LocalClusterTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<String> ANNOUNCEMENTS = new CopyOnWriteArrayList<>();

  @TempDir private static Path folder;
  private static LocalCluster cluster;

  @BeforeAll
  static void start() {
    cluster = start(folder);
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  @BeforeEach
  void forget() {
    ANNOUNCEMENTS.clear();
  }

  @Test
  void everyTopicIsThere() throws Exception {
    assertThat(cluster.admin().listTopics().names().get())
        .containsAll(Arrays.stream(Topic.values()).map(Topic::topicName).toList());
  }

  @Test
  void theRegistryAsksForBackwardCompatibility() throws Exception {
    assertThat(get(cluster.confluentUrl() + "/config")).contains("BACKWARD");
  }

  @Test
  void setUpAgainItFindsEverythingReady() {
    Execution setup =
        Execution.of(
            "setup",
            "--bootstrap-servers",
            cluster.bootstrapServers(),
            "--registry-url",
            cluster.registryUrl());

    assertThat(setup.status()).as(setup.err()).isZero();
    assertThat(setup.out())
        .isEqualTo(
            "%d topics and %d schemas are ready%n"
                .formatted(Topic.values().length, SchemaRegistration.schemas().size()));
  }

  @Test
  void setUpWithAnotherNumberOfPartitionsIsRefused() {
    Execution setup =
        Execution.of(
            "setup",
            "--partitions",
            "5",
            "--bootstrap-servers",
            cluster.bootstrapServers(),
            "--registry-url",
            cluster.registryUrl());

    assertThat(setup.status()).isEqualTo(1);
    assertThat(setup.err()).contains("partitions where 5 are wanted");
  }

  @Test
  void aShareGroupHandsOutWhatWasProduced() throws Exception {
    String topic = topic("work");
    String group = "workers";
    cluster
        .admin()
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.GROUP, group),
                List.of(
                    new AlterConfigOp(
                        new ConfigEntry("share.auto.offset.reset", "earliest"),
                        AlterConfigOp.OpType.SET))))
        .all()
        .get();
    produce(topic, "nano-74k@step512", "score me");

    try (KafkaShareConsumer<String, String> consumer =
        new KafkaShareConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                cluster.bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG,
                group),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      ConsumerRecord<String, String> record =
          await()
              .atMost(PATIENCE)
              .until(() -> consumer.poll(Duration.ofMillis(200)), records -> !records.isEmpty())
              .iterator()
              .next();
      assertThat(record.key()).isEqualTo("nano-74k@step512");
      assertThat(record.value()).isEqualTo("score me");
    }
  }

  @Test
  void aBrokerThatIsKilledComesBackOnItsPortWithItsTopics() throws Exception {
    String topic = topic("before");
    long first = cluster.part(LocalCluster.BROKER).pid();

    cluster.part(LocalCluster.BROKER).kill();

    await().atMost(PATIENCE).until(() -> !ANNOUNCEMENTS.isEmpty());
    assertThat(ANNOUNCEMENTS.getFirst()).contains("The broker died (signal 9)");
    await().atMost(PATIENCE).until(() -> cluster.part(LocalCluster.BROKER).isReady());
    assertThat(cluster.part(LocalCluster.BROKER).pid()).isNotEqualTo(first);
    produce(topic, "after", "the crash");
  }

  @Test
  void aRegistryThatIsKilledComesBackWithTheSameIds() throws Exception {
    String schemas = schemas();

    cluster.part(LocalCluster.REGISTRY).kill();

    await().atMost(PATIENCE).until(() -> !ANNOUNCEMENTS.isEmpty());
    cluster.awaitReady(LocalCluster.REGISTRY);
    assertThat(schemas()).isEqualTo(schemas);
  }

  @Test
  void stoppingLeavesNoProcessAndStartingAgainFindsTopicsAndSchemaIds() throws Exception {
    String topic = topic("kept");
    String schemas = schemas();
    List<Long> pids = pids(cluster);

    cluster.close();
    assertThat(pids).noneMatch(Processes::runs);
    cluster = start(folder);

    assertThat(cluster.admin().listTopics().names().get()).contains(topic);
    assertThat(schemas()).isEqualTo(schemas);
  }

  @Test
  void aSecondClusterOnTheSameFolderIsRefused() {
    assertThatThrownBy(() -> start(folder))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("Another Castalia");
    assertThat(cluster.part(LocalCluster.BROKER).isReady()).isTrue();
  }

  @Test
  void theCrashOfTheParentLeavesNoProcess(@TempDir Path data) throws Exception {
    Path pids = data.resolve("pids");
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dcastalia.root=" + System.getProperty("castalia.root"),
                Parent.class.getName(),
                data.toString(),
                pids.toString())
            .inheritIO()
            .start();
    try {
      await().atMost(PATIENCE).until(() -> Files.exists(pids) || !parent.isAlive());
      List<Long> parts = Files.readAllLines(pids).stream().map(Long::valueOf).toList();
      assertThat(parts).hasSize(2).allMatch(Processes::runs);

      parent.destroyForcibly().waitFor();

      await().atMost(PATIENCE).untilAsserted(() -> assertThat(parts).noneMatch(Processes::runs));
    } finally {
      parent.destroyForcibly();
    }
  }

  /** A process that starts a cluster, writes the parts' process ids to a file, and waits. */
  static final class Parent {
    public static void main(String[] args) throws Exception {
      try (LocalCluster cluster =
          LocalCluster.start(
              Installation.find(),
              ClusterOptions.bare().withData(Path.of(args[0])),
              System.out::println)) {
        Path file = Path.of(args[1]);
        Path draft = file.resolveSibling("draft");
        Files.write(draft, pids(cluster).stream().map(String::valueOf).toList());
        Files.move(draft, file);
        Thread.currentThread().join();
      }
    }
  }

  private static LocalCluster start(Path data) {
    return LocalCluster.start(
        Installation.find(), ClusterOptions.bare().withData(data), ANNOUNCEMENTS::add);
  }

  private static List<Long> pids(LocalCluster cluster) {
    return List.of(
        cluster.part(LocalCluster.BROKER).pid(), cluster.part(LocalCluster.REGISTRY).pid());
  }

  private static String topic(String name) throws ExecutionException, InterruptedException {
    cluster
        .admin()
        .createTopics(List.of(new NewTopic(name, Optional.of(1), Optional.empty())))
        .all()
        .get();
    return name;
  }

  private static void produce(String topic, String key, String value) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, key, value)).get(60, TimeUnit.SECONDS);
    }
  }

  private static String schemas() throws IOException, InterruptedException {
    return get(cluster.confluentUrl() + "/schemas");
  }

  private static String get(String url) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
          .body();
    }
  }
}
