package dev.castalia.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.castalia.schemas.ClusterSetup;
import dev.castalia.schemas.Groups;
import dev.castalia.schemas.KafkaConnection;
import dev.castalia.schemas.Permissions;
import dev.castalia.schemas.Topic;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.GroupProtocol;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A broker that speaks TLS alone, asks for a password (SCRAM) and allows nothing by itself: every
 * service can do its work there with the settings file that it is given, and nothing else.
 */
@Tag("slow")
class PermissionsTest {

  private static final String ADMIN = "admin";
  private static final String LOGIN =
      "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\""
          + " password=\"%s\";";
  private static final Duration LONG = Duration.ofSeconds(90);

  @TempDir static Path folder;

  private static final Ports PORTS = new Ports();
  private static BrokerCertificate certificate;
  private static KafkaRaftServer broker;
  private static String bootstrapServers;

  @BeforeAll
  static void startBrokerAndLetTheSetupUserPrepareIt() throws Exception {
    certificate = BrokerCertificate.create(Files.createDirectory(folder.resolve("tls")));
    int port = PORTS.free();
    bootstrapServers = "localhost:" + port;
    broker = new KafkaRaftServer(new KafkaConfig(formatted(port, PORTS.free())), Time.SYSTEM);
    broker.startup();
    try (Admin admin = admin(ADMIN)) {
      List<UserScramCredentialAlteration> users = new ArrayList<>();
      for (Permissions service : Permissions.values()) {
        users.add(
            new UserScramCredentialUpsertion(
                service.word(),
                new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                password(service.word())));
      }
      admin.alterUserScramCredentials(users).all().get();
      admin.createAcls(Permissions.SETUP.to("User:setup")).all().get();
    }
    try (Admin setup = admin("setup")) {
      await()
          .atMost(LONG)
          .ignoreExceptions()
          .untilAsserted(() -> ClusterSetup.local().apply(setup));
      for (Permissions service : Permissions.values()) {
        List<AclBinding> bindings = service.to("User:" + service.word());
        setup.createAcls(bindings).all().get();
      }
    }
  }

  @AfterAll
  static void stopBroker() {
    broker.shutdown();
    broker.awaitShutdown();
    PORTS.close();
  }

  private static Properties formatted(int port, int controllerPort) throws IOException {
    Properties settings = Broker.settings(folder, port, controllerPort);
    settings.put(
        "listeners",
        "SASL_SSL://localhost:%d,CONTROLLER://localhost:%d".formatted(port, controllerPort));
    settings.put("advertised.listeners", "SASL_SSL://localhost:" + port);
    settings.put("listener.security.protocol.map", "SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT");
    settings.put("inter.broker.listener.name", "SASL_SSL");
    settings.put("ssl.keystore.type", "PKCS12");
    settings.put("ssl.keystore.location", certificate.keys().toString());
    settings.put("ssl.keystore.password", BrokerCertificate.PASSWORD);
    settings.put("ssl.truststore.type", "PEM");
    settings.put("ssl.truststore.location", certificate.pem().toString());
    settings.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
    settings.put("sasl.mechanism.inter.broker.protocol", "SCRAM-SHA-512");
    settings.put(
        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
        LOGIN.formatted(ADMIN, password(ADMIN)));
    settings.put(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    // The controller's listener is the broker's own, and has no names.
    settings.put("super.users", "User:" + ADMIN + ";User:ANONYMOUS");
    settings.put("allow.everyone.if.no.acl.found", "false");
    Path file = folder.resolve("server.properties");
    try (OutputStream out = Files.newOutputStream(file)) {
      settings.store(out, null);
    }
    int status =
        StorageTool.execute(
            new String[] {
              "format",
              "--cluster-id",
              Uuid.randomUuid().toString(),
              "--config",
              file.toString(),
              "--add-scram",
              "SCRAM-SHA-512=[name=%s,password=%s]".formatted(ADMIN, password(ADMIN))
            },
            System.out);
    assertThat(status).isZero();
    return settings;
  }

  @ParameterizedTest
  @CsvSource({
    "GATEWAY, 'TASKS, CHECKPOINTS, SWEEPS, REPORTED_SCORES, FAILURES'",
    "SCORER, 'REQUESTS, SCORES, FAILURES, DEAD_LETTERS'",
    "AGGREGATOR,"
        + " 'REQUESTS, FAILURES, SCORECARDS, LEADERBOARDS, TRAJECTORIES, FINDINGS, PROGRESS,"
        + " DEAD_LETTERS'",
    "READER, ''",
    "SETUP, ''"
  })
  void aServiceWritesItsOwnTopicsAndNoOther(Permissions service, String own) {
    Set<Topic> writable =
        Set.copyOf(
            Arrays.stream(own.split(", "))
                .filter(it -> !it.isEmpty())
                .map(Topic::valueOf)
                .toList());
    try (var producer = producer(service.word())) {
      for (Topic topic : Topic.values()) {
        if (writable.contains(topic)) {
          await()
              .atMost(LONG)
              .ignoreExceptions()
              .untilAsserted(() -> assertThat(write(producer, topic)).isNotNegative());
        } else {
          assertThatThrownBy(() -> write(producer, topic))
              .as("%s writes %s", service, topic)
              .rootCause()
              .isInstanceOf(AuthorizationException.class);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GATEWAY, 'REQUESTS, REPORTED_SCORES, DEAD_LETTERS'",
    "AGGREGATOR,"
        + " 'REQUESTS, SCORECARDS, LEADERBOARDS, TRAJECTORIES, FINDINGS, PROGRESS, DEAD_LETTERS'",
    "READER, 'REQUESTS, DEAD_LETTERS'"
  })
  void aServiceReadsWhatItMustAndNoOther(Permissions service, String hidden) {
    Set<Topic> unreadable =
        Set.copyOf(Arrays.stream(hidden.split(", ")).map(Topic::valueOf).toList());
    Map<String, Object> settings = settings(service.word());
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      for (Topic topic : Topic.values()) {
        TopicPartition partition = new TopicPartition(topic.topicName(), 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        if (unreadable.contains(topic)) {
          assertThatThrownBy(() -> consumer.poll(LONG))
              .as("%s reads %s", service, topic)
              .isInstanceOf(AuthorizationException.class);
        } else {
          assertThat(consumer.poll(Duration.ZERO)).as("%s reads %s", service, topic).isNotNull();
          assertThat(consumer.position(partition, LONG)).isNotNegative();
        }
      }
    }
  }

  @Test
  void aScorerTakesRequestsFromTheShareGroup() throws Exception {
    try (var producer = producer(ADMIN)) {
      write(producer, Topic.REQUESTS);
    }
    Map<String, Object> settings = settings("scorer");
    settings.put("group.id", Groups.SCORERS);
    settings.put("share.acknowledgement.mode", "implicit");
    try (var consumer =
        new KafkaShareConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(Topic.REQUESTS.topicName()));
      List<ConsumerRecord<String, String>> taken = new ArrayList<>();
      await()
          .atMost(LONG)
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(500)).forEach(taken::add);
                return !taken.isEmpty();
              });
    }
  }

  @Test
  void theAggregatorHasItsGroupItsTransactionsAndItsTopics() throws Exception {
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(Topic.SCORES.topicName(), Consumed.with(Serdes.String(), Serdes.String()))
        .repartition(Repartitioned.<String, String>as("own").withNumberOfPartitions(4))
        .groupByKey()
        .count()
        .toStream()
        .mapValues(String::valueOf)
        .to(Topic.SCORECARDS.topicName(), Produced.with(Serdes.String(), Serdes.String()));
    Properties properties = new Properties();
    properties.putAll(settings("aggregator"));
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, Groups.AGGREGATOR);
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, GroupProtocol.STREAMS.name());
    properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.resolve("state").toString());
    properties.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    properties.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    properties.put("auto.offset.reset", "earliest");
    try (var producer = producer(ADMIN)) {
      write(producer, Topic.SCORES);
    }
    Map<String, Object> reading = settings(ADMIN);
    reading.put("isolation.level", "read_committed");
    try (KafkaStreams streams = new KafkaStreams(builder.build(), properties);
        var consumer =
            new KafkaConsumer<>(reading, new StringDeserializer(), new StringDeserializer())) {
      streams.start();
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topic.SCORECARDS.topicName()).stream()
              .map(it -> new TopicPartition(it.topic(), it.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);

      await()
          .atMost(LONG)
          .until(
              () -> {
                for (var record : consumer.poll(Duration.ofMillis(500))) {
                  if (record.value().matches("\\d+")) {
                    return true;
                  }
                }
                return false;
              });
    }
  }

  @Test
  void whoHasNoPasswordIsNotLetIn() {
    Map<String, Object> settings = settings("gateway");
    settings.put("sasl.jaas.config", LOGIN.formatted("gateway", "guessed"));
    try (Admin admin = Admin.create(settings)) {
      assertThatThrownBy(() -> admin.listTopics().names().get())
          .rootCause()
          .isInstanceOf(SaslAuthenticationException.class)
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("guessed"));
    }
  }

  @Test
  void whoDoesNotKnowTheBrokersCertificateTellsItNothing() {
    Map<String, Object> settings = settings("gateway");
    settings.remove("ssl.truststore.location");
    settings.remove("ssl.truststore.type");
    try (Admin admin = Admin.create(settings)) {
      assertThatThrownBy(() -> admin.listTopics().names().get())
          .cause()
          .isInstanceOf(SslAuthenticationException.class);
    }
  }

  @Test
  void theBrokerSpeaksTlsAlone() {
    Map<String, Object> settings = settings("gateway");
    settings.put("security.protocol", "SASL_PLAINTEXT");
    settings.put("default.api.timeout.ms", 5000);
    settings.put("request.timeout.ms", 5000);
    try (Admin admin = Admin.create(settings)) {
      assertThatThrownBy(() -> admin.listTopics().names().get())
          .cause()
          .isInstanceOf(TimeoutException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "AGGREGATOR", "SCORER", "READER"})
  void onlySetupChangesTheClusterAndWhatIsAllowed(Permissions service) {
    try (Admin admin = admin(service.word())) {
      assertThatThrownBy(() -> admin.deleteTopics(List.of(Topic.SCORES.topicName())).all().get())
          .rootCause()
          .isInstanceOf(AuthorizationException.class);
      assertThatThrownBy(
              () -> admin.createAcls(Permissions.SETUP.to("User:" + service.word())).all().get())
          .rootCause()
          .isInstanceOf(AuthorizationException.class);
    }
  }

  private static long write(KafkaProducer<String, String> producer, Topic topic)
      throws ExecutionException, InterruptedException, java.util.concurrent.TimeoutException {
    return producer
        .send(new ProducerRecord<>(topic.topicName(), "model@step1", "a record"))
        .get(LONG.toSeconds(), TimeUnit.SECONDS)
        .offset();
  }

  private static KafkaProducer<String, String> producer(String user) {
    return new KafkaProducer<>(settings(user), new StringSerializer(), new StringSerializer());
  }

  private static Admin admin(String user) {
    return Admin.create(settings(user));
  }

  /** As a service has them from {@code castalia.kafka-config}. */
  private static Map<String, Object> settings(String user) {
    Properties config = new Properties();
    config.put("security.protocol", "SASL_SSL");
    config.put("ssl.truststore.type", "PEM");
    config.put("ssl.truststore.location", certificate.pem().toString());
    config.put("sasl.mechanism", "SCRAM-SHA-512");
    config.put("sasl.jaas.config", LOGIN.formatted(user, password(user)));
    Path file = folder.resolve(user + ".properties");
    try (OutputStream out = Files.newOutputStream(file)) {
      config.store(out, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new HashMap<>(new KafkaConnection(bootstrapServers, Optional.of(file)).settings());
  }

  private static String password(String user) {
    return user + "-password";
  }
}
